// What the unit and its drop-in for nftables let Cordon do: the user, the rights and the address families that stand there, applied by setpriv
// and libseccomp in a namespace with a real nft. No systemd runs here.

import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Network, startNetwork } from '../support/namespaces.ts'
import { command, cordon, eventually, type Served, serve } from '../support/serve.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
radius: { address: 127.0.0.1, clients: [{ address: 127.0.0.1, secret: testing123 }] }
nftables: [{ consumers: [198.51.100.0/24], servers: [203.0.113.200] }]
subscribers: [{ id: home }]
leases: [{ prefix: 198.51.100.2/32, subscriber: home }]
`
const NOBODY = 65_534
const UNIT = readFileSync('etc/cordon.service', 'utf8')
const DROP_IN = readFileSync('etc/cordon-nftables.conf', 'utf8')
const FILTER = join(import.meta.dirname, '../support/address-families.py')

let network: Network
before(async () => {
  network = startNetwork(1)
  const folder = mkdtempSync(join(tmpdir(), 'cordon-rights-'))
  const [config, table] = [join(folder, 'cordon.yaml'), join(folder, 'base.nft')]
  writeFileSync(config, `dataFolder: ${folder}\n${CONFIG}`)
  const made = await command('router', 'table', '-c', config)
  assert.equal(made.code, 0, made.output)
  writeFileSync(table, made.output)
  network.run(network.router, 'nft', '-f', table)
  rmSync(folder, { recursive: true })
})
after(() => network.stop())

/** The words of a setting that is a list: what a drop-in says is added to it. */
const listOf = (name: string, files: readonly string[]) =>
  files
    .join('\n')
    .split('\n')
    .flatMap(line => (line.startsWith(`${name}=`) ? line.slice(name.length + 1).split(' ') : []))

/** Program and arguments that run another one with what these files allow. */
function asUnit(files: readonly string[]): readonly string[] {
  const may = (name: string) => {
    const rights = listOf(name, files).map(right => `+${right.replace('CAP_', '').toLowerCase()}`)
    assert.ok(rights.length > 0, name)
    return ['-all', ...rights].join(',')
  }
  assert.deepEqual(listOf('NoNewPrivileges', files), ['yes'])
  return [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--no-new-privs',
    `--inh-caps=${may('AmbientCapabilities')}`,
    `--ambient-caps=${may('AmbientCapabilities')}`,
    `--bounding-set=${may('CapabilityBoundingSet')}`,
    '/usr/bin/python3',
    FILTER,
    listOf('RestrictAddressFamilies', files).join(' '),
  ]
}

async function start(files: readonly string[]): Promise<Served> {
  const owned = async (folder: string) => {
    chmodSync(folder, 0o755)
    const data = join(folder, 'data')
    mkdirSync(data)
    chownSync(data, NOBODY, NOBODY)
  }
  return serve(CONFIG, owned, { under: () => [...network.router.inside, ...asUnit(files)] })
}

const isolate = (served: Served) =>
  cordon(served.folder, 'incident', 'impose', 'line:home', 'isolate', '--why', 'a test')

const isClosed = () =>
  network
    .run(network.router, 'nft', 'list', 'set', 'inet', 'cordon', 'closed4_32')
    .includes('198.51.100.2') || undefined

test('with the unit alone nothing is closed, and it says what is missing', async t => {
  const served = await start([UNIT])
  t.after(served.stop)
  const order = await isolate(served)
  assert.match(order.output, /NOT enforced on 198\.51\.100\.2\/32: nftables: .*Address family not/)
  assert.ok(!isClosed())
  const { output } = await cordon(served.folder, 'network', 'doctor')
  assert.match(output, /^no right to nft +nftables .*cordon-nftables\.conf/m)
  const status = await cordon(served.folder, 'status')
  assert.deepEqual([status.code, /^FAULT +router nftables: .*/m.test(status.output)], [1, true])
  const shown = await cordon(served.folder, 'subscriber', 'show', 'home')
  assert.match(shown.output, /nftables: .*NOT CONFIRMED/)
})

test('with the drop-in the sets are filled, and what another program flushes is there again', async t => {
  const served = await start([UNIT, DROP_IN])
  t.after(served.stop)
  const order = await isolate(served)
  assert.equal(order.code, 0, order.output)
  await eventually(isClosed)
  network.run(network.router, 'nft', 'flush', 'set', 'inet', 'cordon', 'closed4_32')
  await eventually(isClosed)
  network.run(network.router, 'nft', 'flush', 'ruleset')
  await eventually(
    async () =>
      network.run(network.router, 'nft', 'list', 'tables').includes('inet cordon') && isClosed(),
  )
  const status = await cordon(served.folder, 'status')
  assert.match(status.output, /^faults +none/m)
})
