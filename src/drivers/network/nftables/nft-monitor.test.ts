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

test('what is changed before it listens is looked at all the same, a while after it was started', async t => {
  const monitor = new NftMonitor(['sh', '-c', 'exec sleep 60'])
  t.after(() => monitor.close())
  const heard = new Promise<string>(resolve => monitor.follow(() => resolve('heard')))
  const late = new Promise<string>(resolve => setTimeout(() => resolve('late'), 10_000).unref())
  assert.equal(await Promise.race([heard, late]), 'heard')
})
