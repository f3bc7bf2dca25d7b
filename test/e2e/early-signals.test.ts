// Signals that come before Cordon is ready, at a start that is made to wait in the middle: while its modules are read, and while its parts
// are opened. SIGHUP does not kill; SIGTERM ends it, and whatever it held is free. And what the launcher is told, the program is told.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { heldFolder } from '../../src/app/data-folder.ts'
import { watched } from '../support/watched.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Says `reading PLACE` and reads that module of ours only when the file `gate` is there. */
const waiting = (place: string, gate: string) =>
  `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  import { existsSync, writeSync } from 'node:fs'
  const clock = new Int32Array(new SharedArrayBuffer(4))
  registerHooks({
    load: (url, context, next) => {
      if (url.endsWith('/src/${place}')) {
        writeSync(1, 'reading\\n')
        while (!existsSync('${gate}')) Atomics.wait(clock, 0, 0, 20)
      }
      return next(url, context)
    },
  })
`)}`

/** The program, by one of its doors, at this place of its start; `go` lets it go on. */
async function startedTo(t: TestContext, place: string, door: 'serve' | 'npm start') {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-early-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  const gate = join(folder, 'gate')
  const config = join(folder, 'cordon.yaml')
  writeFileSync(config, `${JSON.stringify(configOf(data))}\n`)
  const words = door === 'serve' ? ['serve', '--config', config] : ['neighbourhood', '--data', data]
  const child = spawn(process.execPath, [
    '--import',
    waiting(place, gate),
    join(ROOT, 'src/cli/cordon.ts'),
    ...words,
  ])
  t.after(() => child.kill('SIGKILL'))
  const story = watched(child)
  await story.until(/^reading$/)
  return { ...story, child, data, go: () => writeFileSync(gate, '') }
}

const configOf = (data: string) => ({
  hostname: 'mail.isp.example',
  domains: ['isp.example'],
  dataFolder: data,
  resolvers: ['127.0.0.1:1'],
  listeners: [{ kind: 'inbound', address: '127.0.0.1', port: 0 }],
  http: { console: { port: 0 }, portal: { port: 0 } },
  log: 'info',
})

/** From the first module to a thread that a part waits for. */
const PLACES = ['cli/commands.ts', 'main.ts', 'drivers/ledger/ledger-worker.ts']

for (const place of PLACES)
  test(`serve, before ${place} is read: SIGHUP does not kill`, async t => {
    const { child, ended, until, go } = await startedTo(t, place, 'serve')
    child.kill('SIGHUP')
    go()
    await until(/^ready;/)
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
  })

for (const door of ['serve', 'npm start'] as const)
  for (const place of PLACES)
    test(`${door}, before ${place} is read: SIGTERM ends it, and nothing is held`, async t => {
      const { child, said, ended, go, data } = await startedTo(t, place, door)
      child.kill('SIGTERM')
      go()
      const [code, signal] = await ended
      assert.ok(code === 0 || code === 143 || signal === 'SIGTERM', said.join('\n'))
      heldFolder(data).giveBack()
    })

test('what the launcher is told, the program is told: reload, and stop in order', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-launched-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'cordon.yaml')
  const config = configOf(join(folder, 'data'))
  writeFileSync(file, `${JSON.stringify(config)}\n`)
  const launcher = spawn(process.execPath, [
    join(ROOT, 'bin/cordon.mjs'),
    'serve',
    '--config',
    file,
  ])
  const { ended, until } = watched(launcher)
  await until(/^ready;/)
  writeFileSync(file, `${JSON.stringify({ ...config, drainFor: '11s' })}\n`)
  launcher.kill('SIGHUP')
  await until(/drainFor/)
  launcher.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  heldFolder(config.dataFolder).giveBack()
})
