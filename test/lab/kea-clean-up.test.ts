// A real Kea whose clean-up (kea-lfc) is killed between its result and the end: what a lease file was before stands in NAME.completed alone,
// until the next clean-up ends it. A Cordon that is started meanwhile, and one afterwards, know the lease; and both hear of its end.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { KEA_ADDRESS, startDhcpClient, startKea } from '../support/kea.ts'
import { type Network, startNetwork } from '../support/namespaces.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'

let network: Network
const folder = mkdtempSync(join(tmpdir(), 'cordon-kea-clean-up-'))
const leases = join(folder, 'kea-leases4.csv')
const customers = join(folder, 'customers.csv')
const cleaner = join(folder, 'cleaner')
const isKilled = join(folder, 'is-killed')
const started: ChildProcess[] = []
const served: Served[] = []

before(async () => {
  network = startNetwork(1)
  writeFileSync(isKilled, '')
  // Killed at the first file that it removes: then its result is in place, and what it was made of is not away yet.
  writeFileSync(
    cleaner,
    `#!/bin/sh\nexport KEA_LOCKFILE_DIR=${folder}\n[ -e ${isKilled} ] && exec strace -o /dev/null -e inject=unlink:signal=KILL:when=1 /usr/sbin/kea-lfc "$@"\nexec /usr/sbin/kea-lfc "$@"\n`,
    { mode: 0o755 },
  )
  started.push(await startKea(network.router, folder, { leases, cleansUp: 1, cleaner }))
})
after(async () => {
  for (const one of started) one.kill('SIGKILL')
  for (const one of served) await one.stop()
  network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startCordon(): Promise<Served> {
  const one = await serve(`
hostname: mail.isp.example
leaseSkew: 0s
kea: { files: ["${leases}"], customers: "${customers}" }
subscribers: [{ id: kd1 }]
`)
  served.push(one)
  return one
}

const becomes = (of: Served, words: string) =>
  eventually(async () =>
    (await cordon(of.folder, 'who', KEA_ADDRESS)).output.startsWith(words) ? true : undefined,
  )
const has = (file: string) => existsSync(file) && readFileSync(file, 'utf8').includes(KEA_ADDRESS)

test('a clean-up that was killed hides no lease, and its end brings none back', async () => {
  const [home] = network.homes
  assert.ok(home)
  const link = network.run(home, 'ip', 'link', 'show', 'uplink')
  const hardware = /link\/ether ([0-9a-f:]{17})/.exec(link)?.[1]
  writeFileSync(customers, `${hardware},kd1\n`)
  const client = startDhcpClient(home)
  started.push(client)
  await eventually(() =>
    has(`${leases}.completed`) && !has(leases) && !has(`${leases}.2`) ? true : undefined,
  )
  const early = await startCordon()
  await becomes(early, 'kd1  certain')
  rmSync(isKilled)
  await eventually(() =>
    has(`${leases}.2`) && !existsSync(`${leases}.completed`) ? true : undefined,
  )
  const late = await startCordon()
  for (const one of [early, late]) await becomes(one, 'kd1  certain')
  client.kill('SIGUSR2')
  for (const one of [early, late]) await becomes(one, 'unknown')
})
