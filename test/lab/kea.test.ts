// Leases from a real Kea and a real DHCP client: one Cordon follows Kea's lease file, another is told by Kea's hook (run_script).

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startDhcpClient, startKea } from '../support/kea.ts'
import { type Network, startNetwork } from '../support/namespaces.ts'
import { CLI } from '../support/program.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'

let network: Network
let served: Served
let hooked: Served
const folder = mkdtempSync(join(tmpdir(), 'cordon-kea-'))
const leases = join(folder, 'kea-leases4.csv')
const customers = join(folder, 'customers.csv')
const script = join(folder, 'hook.sh')
const started: ChildProcess[] = []

before(async () => {
  network = startNetwork(1)
  writeFileSync(customers, '# hardware address, customer\n')
  hooked = await serve(
    'hostname: mail.isp.example\nlisteners: [{ kind: trusted-network, port: 0 }]\nleaseSkew: 0s\nsubscribers: [{ id: kd1 }]\n',
  )
  writeFileSync(
    script,
    `#!/bin/sh\ncase $1 in lease*) exec ${process.execPath} ${CLI} lease kea-hook "$1" --customers ${customers} --data ${hooked.folder}/data >>${folder}/hook.log 2>&1;; esac\n`,
    { mode: 0o755 },
  )
  started.push(await startKea(network.router, folder, { leases, cleansUp: 0, hook: script }))
  served = await serve(`
hostname: mail.isp.example
leaseSkew: 0s
kea: { files: ["${leases}"], customers: "${customers}" }
subscribers: [{ id: kd1 }]
`)
})
after(async () => {
  for (const one of started) one.kill('SIGKILL')
  await served?.stop()
  await hooked?.stop()
  network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const who = async (of = served) => (await cordon(of.folder, 'who', '198.51.100.2')).output

test('a customer’s machine asks for an address, and gives it back', async () => {
  const [home] = network.homes
  assert.ok(home)
  const hardware = /link\/ether ([0-9a-f:]{17})/.exec(
    network.run(home, 'ip', 'link', 'show', 'uplink'),
  )?.[1]
  writeFileSync(customers, `# hardware address, customer\n${hardware?.toUpperCase()}, kd1\n`)
  const client = startDhcpClient(home)
  started.push(client)
  await eventually(async () => ((await who()).startsWith('kd1  certain') ? true : undefined))
  await eventually(async () => ((await who(hooked)).startsWith('kd1  certain') ? true : undefined))
  const shown = await cordon(served.folder, 'subscriber', 'show', 'kd1')
  assert.match(shown.output, /leases +198\.51\.100\.2\/32/)
  client.kill('SIGUSR2')
  for (const one of [served, hooked])
    await eventually(async () => ((await who(one)).startsWith('unknown') ? true : undefined))
})
