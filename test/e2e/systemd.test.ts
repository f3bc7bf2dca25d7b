// The real program under a service manager: a datagram socket of a small Python program, by a path and by an abstract address. Ready,
// reloading, stopping; and a sign of life only while the stores answer.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { systemd } from '../../src/drivers/service-manager/systemd.ts'
import { CLI } from '../support/program.ts'
import { eventually, serve } from '../support/serve.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
`

/** What was said on the socket so far, a datagram each. */
async function listener(t: TestContext, address: string): Promise<readonly string[]> {
  const said: string[] = []
  const program = join(import.meta.dirname, '../support/notify-listener.py')
  const child = spawn('python3', [program, address], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill())
  const lines = createInterface({ input: child.stdout })
  await once(lines, 'line')
  lines.on('line', line => {
    const words = JSON.parse(line) as string
    if (!words.startsWith('BARRIER')) said.push(words.trim())
  })
  return said
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-notify-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const heard = (said: readonly string[], words: RegExp, from = 0) =>
  eventually(() => {
    const at = said.findIndex((one, i) => i >= from && words.test(one))
    return at < 0 ? undefined : at
  })

for (const [what, addressIn] of [
  ['a path', folder => join(folder, 'notify')],
  ['an abstract address', folder => `@${folder}`],
] as const satisfies readonly (readonly [string, (folder: string) => string])[])
  test(`ready, reloading and stopping are told, by ${what}`, async t => {
    const address = addressIn(temporary(t))
    const said = await listener(t, address)
    const served = await serve(CONFIG, undefined, {
      under: () => ['env', `NOTIFY_SOCKET=${address}`],
    })
    t.after(served.stop)
    await heard(said, /^READY=1$/)
    served.signal('SIGHUP')
    const reloading = await heard(said, /^RELOADING=1\nMONOTONIC_USEC=\d{4,}$/)
    await heard(said, /^READY=1$/, reloading)
    await served.stop()
    await heard(said, /^STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000$/)
    assert.equal(said.length, 4, said.join(' | '))
  })

test('while it drains for long it asks for more time, although systemd signals the whole unit', async t => {
  const address = join(temporary(t), 'notify')
  const said = await listener(t, address)
  const config = CONFIG.replace('inbound', 'submission').concat('drainFor: 1h\n')
  const served = await serve(config, undefined, {
    under: () => ['setsid', 'env', `NOTIFY_SOCKET=${address}`],
  })
  t.after(served.stop)
  // A reset is no matter here: the stop may come before all of its closing is read.
  const client = connect(served.ports[0] ?? 0, '127.0.0.1').on('error', () => undefined)
  t.after(() => client.destroy())
  // It has been taken: a connection that still waits for that is reset, and nothing is drained.
  await once(client, 'data')
  process.kill(-served.pid, 'SIGTERM')
  await heard(said, /^STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000$/)
  assert.deepEqual(await served.ended, [0, null])
})

test('more time is asked for every ten seconds, and not for ever', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const said: string[] = []
  const say = async (words: readonly string[]) => void said.push(words.join(' '))
  const trouble = (error: unknown) => assert.fail(String(error))
  await systemd({ env: {}, pid: 0, trouble, say }).stopping(45_000)
  assert.deepEqual(said, ['STOPPING=1 EXTEND_TIMEOUT_USEC=30000000'])
  t.mock.timers.tick(30_000)
  assert.deepEqual(said.slice(1), Array(3).fill('EXTEND_TIMEOUT_USEC=30000000'))
  t.mock.timers.tick(1_000_000)
  assert.equal(said.length, 5)
})

test('a sign of life is given while the stores answer, and not while one is silent', async t => {
  const address = join(temporary(t), 'notify')
  const said = await listener(t, address)
  const served = await serve(CONFIG, undefined, {
    under: () => ['env', `NOTIFY_SOCKET=${address}`, 'WATCHDOG_USEC=200000'],
  })
  t.after(served.stop)
  await heard(said, /^WATCHDOG=1/)
  // Somebody holds the queue: the writer waits for five seconds before it says no, which is longer than is waited for it.
  const blocker = new DatabaseSync(join(served.folder, 'data/spool/spool.db'))
  blocker.exec('BEGIN IMMEDIATE')
  const silent = await heard(said, /the queue cannot be written: no answer/)
  assert.match(said[silent] ?? '', /^STATUS=/, 'a sign of life, although a store is silent')
  blocker.exec('ROLLBACK')
  blocker.close()
  const well = await heard(said, /^WATCHDOG=1/, silent)
  await heard(said, /^WATCHDOG=1\nSTATUS=$|^WATCHDOG=1$/, well)
})

test('without systemd-notify it runs, and says what is missing', async t => {
  const folder = temporary(t)
  const address = join(folder, 'notify')
  const said = await listener(t, address)
  const file = join(folder, 'cordon.yaml')
  const rest = 'http: { console: { port: 0 }, portal: { port: 0 } }\nlog: error\n'
  writeFileSync(file, `dataFolder: ${folder}/data\n${CONFIG}${rest}\n`)
  const server = spawn(process.execPath, [CLI, 'serve', '--config', file], {
    env: { NOTIFY_SOCKET: address, PATH: '/nowhere' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  t.after(() => server.kill('SIGKILL'))
  for await (const line of createInterface({ input: server.stdout }))
    if (line.includes('systemd-notify cannot be found')) break
  server.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  assert.deepEqual(said, [])
})
