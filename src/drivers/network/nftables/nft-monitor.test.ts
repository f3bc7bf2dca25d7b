// test/lab/foreign-flush.test.ts has the real one.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning } from '../../../../test/support/is-running.ts'
import { folderOf } from '../../../../test/support/owned.ts'
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

test('it ends with a program that is killed, and is not left without a parent', async t => {
  const file = join(folderOf(t), 'pid')
  const module = new URL('nft-monitor.ts', import.meta.url).href
  const program = `import { NftMonitor } from ${JSON.stringify(module)}
    const monitor = new NftMonitor(['sh', '-c', 'echo $$ > "$0"; exec sleep 60', ${JSON.stringify(file)}])
    monitor.follow(() => undefined)
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const said = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0)
  for (let i = 0; i < 400 && said() === 0; i++) await sleep(50)
  const pid = said()
  assert.ok(pid > 1 && isRunning(pid))
  child.kill('SIGKILL')
  for (let i = 0; i < 100 && isRunning(pid); i++) await sleep(50)
  const isLeft = isRunning(pid)
  if (isLeft) process.kill(pid, 'SIGKILL')
  assert.equal(isLeft, false)
})

test('one that runs and does not tell of a change of ours is ended and started again, and that is said', async t => {
  const ECHO = 50
  const monitor = new NftMonitor(['sh', '-c', 'exec sleep 60'], ECHO)
  t.after(() => monitor.close())
  const heard: string[] = []
  monitor.follow(() => void heard.push('a change'))
  await sleep(2 * ECHO)
  const before = monitor.changes.generations
  monitor.began()
  monitor.done()
  while (monitor.trouble() === undefined) await sleep(ECHO)
  assert.match(monitor.trouble() ?? '', /ended 1 times|ran and told nothing/)
  // What was changed meanwhile is compared when the next one runs.
  while (heard.length === 0) await sleep(ECHO)
  assert.match(monitor.trouble() ?? '', /ran and told nothing, and was started again/)
  assert.equal(monitor.changes.generations, before)
})

test('one that tells of each change of ours is left alone', async t => {
  const ECHO = 200
  const tells = 'while read -r line; do echo "# new generation 2 by process 1 (nft)"; done'
  const folder = folderOf(t)
  const monitor = new NftMonitor(
    ['sh', '-c', `mkfifo "$0"; exec 3<> "$0"; ${tells} <&3`, join(folder, 'change')],
    ECHO,
  )
  t.after(() => monitor.close())
  monitor.follow(() => undefined)
  while (!existsSync(join(folder, 'change'))) await sleep(10)
  await sleep(2 * ECHO)
  for (let i = 0; i < 3; i++) {
    monitor.began()
    writeFileSync(join(folder, 'change'), 'x\n')
    monitor.done()
    await sleep(2 * ECHO)
  }
  assert.equal(monitor.trouble(), undefined)
  assert.equal(monitor.changes.generations, 3)
})
