import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ownText } from './own-text.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('a piece that is kept does not keep what it was cut from', () => {
  const MIB = 2 ** 20
  // Longer ones Node keeps outside of the heap.
  const LONG = MIB / 2
  collect()
  const before = process.memoryUsage().heapUsed
  const kept = Array.from({ length: 128 }, (_, i) => {
    const whole = Buffer.alloc(LONG, `ann${i}@meadow.example `).toString('latin1')
    return ownText(whole.slice(0, 'ann00@meadow.example'.length))
  })
  collect()
  assert.ok(process.memoryUsage().heapUsed - before < 16 * MIB)
  assert.equal(kept[10], 'ann10@meadow.example')
})
