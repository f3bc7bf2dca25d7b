// A start that fails half-way: for every part in turn that part cannot be opened, and then nothing of the others is left, neither files
// nor sockets nor threads nor timers, and the folder can be taken again.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { liveness } from '../../src/app/liveness.ts'
import { checkConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { configSchema } from '../../src/config/schema.ts'
import { startCordon } from '../../src/main.ts'
import { StartError } from '../../src/model/errors.ts'
import { eventually } from '../support/serve.ts'

/** One of every part, on free ports. */
function everything(folder: string): Config {
  const customers = join(folder, 'customers.csv')
  const leases = join(folder, 'leases.csv')
  for (const file of [customers, leases]) writeFileSync(file, '')
  const port = 0
  return checkConfig({
    hostname: 'mail.isp.example',
    dataFolder: join(folder, 'data'),
    domains: ['isp.example'],
    resolvers: ['127.0.0.1:1'],
    listeners: [
      { kind: 'submission', port },
      { kind: 'inbound', port },
    ],
    policyService: { port },
    milter: { port },
    http: { console: { port }, portal: { port } },
    firewallLog: { port },
    flows: { address: '127.0.0.1', port, exporters: ['127.0.0.1'] },
    decoys: { addresses: ['127.0.0.1'], port },
    radius: { address: '127.0.0.1', port, clients: [{ address: '127.0.0.1', secret: 'secret' }] },
    natLog: { address: '127.0.0.1', port, sources: ['127.0.0.1'] },
    kea: { files: [leases], customers },
    accessRouters: [{ host: '127.0.0.1', port: 1 }],
    radiusCoa: [{ servers: [{ nas: 'a', address: '127.0.0.1', secret: 'secret' }] }],
    webhooks: [{ url: 'https://127.0.0.1:1/', secret: 'a secret of 16 letters' }],
    nftables: [{ command: ['true'] }],
  })
}

/** What keeps a process alive or holds something of the machine, but for the test's own pipes. */
const handles = () =>
  process
    .getActiveResourcesInfo()
    .filter(kind => !/^(?:PipeWrap|TTYWrap|Immediate|FSReqPromise)$/.test(kind))
    .toSorted()
    .join()

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-start-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const quiet = { trouble: () => undefined, log: () => undefined }

test('whichever part cannot be opened, the start fails with its name and leaves nothing', () =>
  inFolder(async folder => {
    const config = everything(folder)
    const parts: string[] = []
    const before = handles()
    const whole = await startCordon(config, { ...quiet, opening: part => void parts.push(part) })
    assert.deepEqual(await whole.close(), [])
    await eventually(() => handles() === before || undefined)
    assert.ok(parts.length >= 25, `only ${parts.length} parts: ${parts.join(', ')}`)
    for (const [n, broken] of parts.entries()) {
      let opened = 0
      const start = startCordon(config, {
        ...quiet,
        opening: () => {
          if (opened++ === n) throw new Error('broken by the test')
        },
      })
      await assert.rejects(start, (error: StartError) => {
        assert.ok(error instanceof StartError, String(error))
        assert.equal(error.message, `${broken} cannot be opened: broken by the test.`)
        return true
      })
      await eventually(() => handles() === before || undefined).catch(() =>
        assert.equal(handles(), before, `left behind when ${broken} fails`),
      )
    }
    const again = await startCordon(config, quiet)
    assert.deepEqual(await again.close(), [])
  }))

test('every key of the configuration is read by a part, as live or for a restart', () =>
  inFolder(async folder => {
    const cordon = await startCordon(everything(folder), quiet)
    const read = new Set(cordon.keys.keys())
    // What the reference of the configuration says, which starts nothing.
    assert.deepEqual(Object.fromEntries(cordon.keys), Object.fromEntries(liveness))
    await cordon.close()
    const known = Object.keys(configSchema.shape)
    assert.deepEqual(
      known.filter(key => !read.has(key as keyof Config)),
      [],
    )
  }))
