// Closing port 25 where it was open: who uses it is seen by a real router's log (nftables, ulogd2), they are written to, a part is closed
// and opened again, and nobody else notices.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Caller,
  callerIn,
  leasesOf,
  listenThere,
  type Network,
  startNetwork,
} from '../support/namespaces.ts'
import { CLI } from '../support/program.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'
import { startUlogd } from '../support/ulogd.ts'

const [NORTH, SOUTH, EXPERT] = [0, 1, 2]
const FAR = ['203.0.113.200', '2001:db8:f::200'] as const
const today = new Date().toISOString().slice(0, 10)

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
leaseSkew: 0s
firewallLog: { port: 10040, antiSpoofed: true }
nftables:
  - consumers: [198.51.100.0/24, "2001:db8:100::/40"]
rollout:
  parts:
    - { name: north, prefixes: [198.51.100.0/30, "2001:db8:100::/56"], date: ${today} }
    - { name: south, prefixes: [198.51.100.4/30, "2001:db8:101::/56"], date: 2099-01-01 }
subscribers:
  - { id: north, logins: [{ name: anna@isp.example }] }
  - { id: south, language: de, logins: [{ name: bert@isp.example }] }
  - { id: expert, plan: expert, logins: [{ name: carl@isp.example }] }
leases:
${['north', 'south', 'expert'].flatMap((id, i) => leasesOf(i).map(prefix => `  - { prefix: "${prefix}", subscriber: ${id} }`)).join('\n')}
`

let network: Network
let served: Served
let callers: Caller[]
const started: ChildProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'cordon-rollout-'))
const config = join(folder, 'cordon.yaml')

const table = async (data = folder) => {
  writeFileSync(config, `dataFolder: ${data}\n${CONFIG}\n`)
  const { code, output } = await run(process.execPath, [CLI, 'router', 'table', '-c', config])
  assert.equal(code, 0, output)
  return output
}

before(async () => {
  network = startNetwork(3)
  started.push(await listenThere(network.outside, [25, 587]))
  writeFileSync(join(folder, 'base.nft'), await table())
  network.run(network.router, 'nft', '-f', join(folder, 'base.nft'))
  served = await serve(CONFIG, undefined, { under: () => network.router.inside })
  started.push(await startUlogd(network.router, folder))
  callers = network.homes.map(callerIn)
})
after(async () => {
  for (const caller of callers ?? []) caller.stop()
  for (const one of started) one.kill('SIGKILL')
  await served?.stop()
  network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const call = async (home: number, port = 25) => {
  const caller = callers[home]
  assert.ok(caller)
  const [four, six] = await Promise.all(FAR.map(address => caller.call(address, port)))
  assert.equal(four, six)
  return four
}
const rollout = async (...words: readonly string[]) =>
  (await cordon(served.folder, 'rollout', ...words)).output
const letters = (name: string) => {
  const at = join(served.folder, 'data', 'mailboxes', `${name}@isp.example`, 'new')
  return existsSync(at) ? readdirSync(at).map(file => readFileSync(join(at, file), 'utf8')) : []
}

test('who uses port 25 is seen while it is open, those concerned are told, and a part is closed and opened again', async () => {
  for (const home of [NORTH, SOUTH]) assert.equal(await call(home), '25')
  // Who is in no part, and no expert, would be closed already; the expert is open anyway.
  assert.equal(await call(EXPERT), '25')
  const planned = await eventually(async () => {
    const output = await rollout('plan')
    return output.includes('2001:db8:f::200') && /^south /m.test(output) ? output : undefined
  })
  assert.match(planned, /Part north: .*not announced/)
  assert.match(planned, /^north +another-server +no +2 /m)
  assert.match(planned, /only 0 whole days were seen of 14; it is not announced/)
  assert.match(await rollout('start', 'north'), /north stays open: only 0 whole days/)
  assert.equal(await call(NORTH), '25')
  assert.match(
    await rollout('announce', 'north'),
    /1 of 1 customers who use port 25 in north were written to/,
  )
  const [letter = ''] = await eventually(() =>
    letters('anna').length > 0 ? letters('anna') : undefined,
  )
  assert.match(letter, new RegExp(`Subject: Port 25 of your connection closes on ${today}`))
  assert.match(letter, /port to 587/)
  assert.deepEqual(letters('carl'), [])
  assert.match(await rollout('announce', 'south'), /1 of 1/)
  const [german = ''] = await eventually(() =>
    letters('bert').length > 0 ? letters('bert') : undefined,
  )
  assert.match(german, /geschlossen/)
  assert.match(await rollout('start', 'north'), /announced less than a week ago/)
  const tried = await rollout('start', 'north', '--dry-run')
  assert.match(
    tried,
    /198\.51\.100\.2\/32 of north at nftables: only watched -> closed by the table/,
  )
  assert.match(tried, /2001:db8:100::\/56 of north .*\(uses port 25\)/)
  assert.doesNotMatch(tried, /of (?:south|expert)/)
  assert.equal(await call(NORTH), '25')
  const closed = callers[NORTH]?.until(FAR[0], 25)
  assert.match(await rollout('start', 'north', '--despite', 'a test'), /Port 25 is closed in north/)
  assert.equal((await closed)?.answer, 'ECONNREFUSED')
  assert.equal(await call(NORTH), 'ECONNREFUSED')
  assert.equal(await call(NORTH, 587), '587')
  for (const home of [SOUTH, EXPERT]) assert.equal(await call(home), '25')
  // For the next boot, too.
  const again = await table(join(served.folder, 'data'))
  assert.match(again, /set watched4 \{[^}]*elements = \{ 198\.51\.100\.4\/30 \}/)
  assert.match(await rollout('rollback', 'north'), /open again in north/)
  assert.equal(await call(NORTH), '25')
})
