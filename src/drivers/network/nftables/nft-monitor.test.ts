// test/lab/foreign-flush.test.ts has the real one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NftMonitor } from './nft-monitor.ts'

const PRINTS = 'echo "delete table inet cordon"; echo "# new generation 2 by process 1 (nft)"'

test('what another program does is heard, and closing ends the program', async t => {
  const monitor = new NftMonitor(['sh', '-c', `${PRINTS}; exec sleep 60`])
  t.after(() => monitor.close())
  await new Promise<void>(resolve => monitor.follow(resolve))
  assert.equal(monitor.trouble(), undefined)
  await monitor.close()
})

test('one that ends is begun again after a while, and until then says so', async t => {
  const monitor = new NftMonitor(['/nonexistent/nft'])
  t.after(() => monitor.close())
  monitor.follow(() => undefined)
  while (monitor.trouble() === undefined) await new Promise(resolve => setImmediate(resolve))
  assert.match(
    monitor.trouble() ?? '',
    /ended 1 times: what another program changes is seen within a/,
  )
})
