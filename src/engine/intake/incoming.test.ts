import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Transaction } from '../../model/step.ts'
import { incoming } from './incoming.ts'

const TX = { listener: 'submission', sender: 'anna@isp.example' } as Transaction
const HEADER = Buffer.from('From: anna@isp.example\r\nSubject: x\r\n\r\n')
const PIECE = 64 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** A draft that lets go of what it was given, as one in a file does; `refs` tell what others still hold. */
function forgetful() {
  const refs: WeakRef<ArrayBufferLike>[] = []
  let size = 0
  let reads = 0
  return {
    refs,
    read: () => reads,
    draft: {
      write: async (chunk: Uint8Array) => {
        size += chunk.length
        refs.push(new WeakRef(chunk.buffer))
      },
      read: async function* () {
        yield HEADER
        for (let at = HEADER.length; at < size; at += PIECE) {
          reads++
          yield Buffer.alloc(Math.min(PIECE, size - at), 'a')
        }
      },
      commit: async () => undefined,
      abort: async () => undefined,
    },
  }
}

test('of a message that is not finished nothing is kept, and at its end a mebibyte is read', async () => {
  const store = forgetful()
  const message = incoming({ open: () => store.draft }, TX, { ourName: 'mail.isp.example' })
  await message.write(HEADER)
  for (let i = 0; i < 64; i++) await message.write(Buffer.alloc(PIECE, 'a'))
  // A reference is good until the turn ends in which it was made.
  await new Promise(resolve => setImmediate(resolve))
  collect()
  assert.ok(store.refs.filter(ref => ref.deref()).length <= 2)
  const { summary } = await message.finish()
  assert.equal(summary.size, HEADER.length + 64 * PIECE)
  assert.equal(summary.subject, 'x')
  assert.ok(store.read() <= 17, `${store.read()} pieces were read`)
})
