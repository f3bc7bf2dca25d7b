// The whole way on a real router: a bot knocks at port 25, nftables logs it, Debian's ulogd2 tells, Cordon decides, nftables
// closes the line, and its owner's next web page says why. Nothing here stands in for anything.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
import { cordon, run, type Served, serve } from '../support/serve.ts'
import { startUlogd } from '../support/ulogd.ts'
import { type LocalDns, localDns } from '../support/unbound.ts'

const NOTICE = 8081
const server = (i: number) => `203.0.113.${201 + i}`
/** Servers that the bot knocks at, each of another organisation: the tenth leaves no doubt. */
const VICTIMS = Array.from({ length: 10 }, (_, i) => server(i))
/** Five exchangers each of two domains, which cron writes to. */
const EXCHANGERS = Array.from({ length: 10 }, (_, i) => server(12 + i))
/** Servers without a name. */
const NAMELESS = Array.from({ length: 30 }, (_, i) => `203.0.113.${101 + i}`)
const leadsBack = (address: string, name: string) => [
  `${name}. A ${address}`,
  `${address.split('.').toReversed().join('.')}.in-addr.arpa. PTR ${name}.`,
]
const DNS = [
  ...VICTIMS.flatMap((address, i) => leadsBack(address, `mx.victim-${i}.example`)),
  ...EXCHANGERS.flatMap((address, i) =>
    leadsBack(address, `mx${i % 5}.friend-${Math.floor(i / 5)}.example`),
  ),
]
const PEOPLE = ['infected', 'neighbour', 'cron', 'nameless'] as const

const config = (dns: string) => `
resolvers: ["${dns}"]
hostname: mail.isp.example
domains: [isp.example]
firewallLog: { port: 10040, antiSpoofed: true }
nftables:
  - consumers: [198.51.100.0/24, "2001:db8:100::/40"]
    noticePage: { addresses: [203.0.113.1, "2001:db8:f::1"], port: ${NOTICE} }
subscribers:
${PEOPLE.map(id => `  - { id: ${id}, logins: [{ name: ${id}@isp.example }] }`).join('\n')}
leases:
${PEOPLE.flatMap((id, i) => leasesOf(i).map(prefix => `  - { prefix: "${prefix}", subscriber: ${id} }`)).join('\n')}
`

let network: Network
let served: Served
let callers: Caller[]
let dns: LocalDns
const started: ChildProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'cordon-contained-'))

before(async () => {
  network = startNetwork(PEOPLE.length)
  dns = await localDns(DNS, [], network.router.inside)
  const settings = config(dns.server)
  for (const address of [...VICTIMS, ...EXCHANGERS, ...NAMELESS])
    network.run(network.outside, 'ip', 'addr', 'add', `${address}/24`, 'dev', 'uplink')
  started.push(await listenThere(network.outside, [25, 80, 443]))
  started.push(await listenThere(network.router, [NOTICE]))
  const [file, table] = [join(folder, 'cordon.yaml'), join(folder, 'base.nft')]
  writeFileSync(file, `dataFolder: ${folder}\n${settings}\n`)
  writeFileSync(table, (await run(process.execPath, [CLI, 'router', 'table', '-c', file])).output)
  network.run(network.router, 'nft', '-f', table)
  served = await serve(settings, undefined, { under: () => network.router.inside })
  started.push(await startUlogd(network.router, folder))
  callers = network.homes.map(callerIn)
})
after(async () => {
  for (const caller of callers ?? []) caller.stop()
  for (const one of started) one.kill('SIGKILL')
  await served?.stop()
  dns?.stop()
  network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a bot that knocks at ten organisations’ servers is isolated within a second, and its neighbour notices nothing', async () => {
  const [bot, neighbour] = callers
  assert.ok(bot && neighbour)
  const page = bot.until(VICTIMS[0] ?? '', 80)
  let tenth = 0
  for (const [i, victim] of VICTIMS.entries()) {
    if (i === 9) tenth = Date.now()
    assert.equal(await bot.call(victim, 25), 'ECONNREFUSED')
  }
  const changed = await page
  assert.equal(changed.answer, String(NOTICE))
  console.log(`isolated ${changed.at - tenth} ms after it knocked at the tenth`)
  assert.equal(await bot.call('2001:db8:f::200', 80), String(NOTICE))
  assert.equal(await bot.call('203.0.113.200', 443), '443')
  assert.equal(await neighbour.call('203.0.113.200', 80), '80')
  const shown = await cordon(served.folder, 'subscriber', 'show', 'infected')
  assert.match(shown.output, /198\.51\.100\.2\/32 isolated/)
  assert.match(shown.output, /2001:db8:100::\/56 isolated/)
  const evidence = await cordon(served.folder, 'evidence', 'line:infected')
  assert.match(
    evidence.output,
    /port 25 of 10 different servers within ten minutes, of 10 organisations by name/,
  )
})

test('two mails of cron to two domains with five exchangers each isolate no line; thirty servers without a name do', async () => {
  const [, , cron, nameless] = callers
  assert.ok(cron && nameless)
  for (const exchanger of EXCHANGERS) assert.equal(await cron.call(exchanger, 25), 'ECONNREFUSED')
  const page = nameless.until('203.0.113.200', 80)
  for (const address of NAMELESS) assert.equal(await nameless.call(address, 25), 'ECONNREFUSED')
  assert.equal((await page).answer, String(NOTICE))
  // It knocked before the other did.
  assert.equal(await cron.call('203.0.113.200', 80), '80')
  const evidence = await cordon(served.folder, 'evidence', 'line:cron')
  assert.match(evidence.output, /port 25 of \d+ different servers within ten minutes, of 2 org/)
})
