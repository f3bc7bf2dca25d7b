// A real router: Linux namespaces, nftables, and the running program on it. Everything in IPv4 and in IPv6.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import {
  type Caller,
  callerIn,
  leasesOf,
  listenThere,
  type Network,
  startNetwork,
} from '../support/namespaces.ts'
import { withoutTimes } from '../../src/lab/story.ts'
import { CLI } from '../support/program.ts'
import { cordon, eventually, run, type Served, serve, startServer } from '../support/serve.ts'

const PORTS = [25, 80, 443, 465, 587, 993]
const NOTICE = 8081

const CONFIG = (redirect25 = 'same-server') => `
hostname: mail.isp.example
domains: [isp.example]
leaseSkew: 0s
radius: { address: 127.0.0.1, clients: [{ address: 127.0.0.1, secret: testing123 }] }
nftables:
  - consumers: [198.51.100.0/24, "2001:db8:100::/40"]
    servers: [203.0.113.200, "2001:db8:f::200"]
    redirect25: ${redirect25}
    noticePage: { addresses: [203.0.113.1, "2001:db8:f::1"], port: ${NOTICE} }
    wormPorts: [445]
    expertRate: 1000000
subscribers:
  - { id: consumer, logins: [{ name: anna@isp.example }] }
  - { id: expert, plan: expert }
  - { id: lifeline, flags: [lifeline] }
  - { id: next, plan: expert }
leases:
${['consumer', 'expert', 'lifeline'].flatMap((id, i) => leasesOf(i).map(prefix => `  - { prefix: "${prefix}", subscriber: ${id} }`)).join('\n')}
`

/** A second server outside, which is nobody's of ours. */
const FOREIGN = ['203.0.113.201', '2001:db8:f::201'] as const
const OURS = ['203.0.113.200', '2001:db8:f::200'] as const

let network: Network
let served: Served
let callers: Caller[]
const servers: ChildProcess[] = []

before(async () => {
  network = startNetwork(3)
  network.run(network.outside, 'ip', 'addr', 'add', '203.0.113.201/24', 'dev', 'uplink')
  network.run(network.outside, 'ip', 'addr', 'add', '2001:db8:f::201/64', 'dev', 'uplink', 'nodad')
  servers.push(await listenThere(network.outside, PORTS))
  servers.push(await listenThere(network.router, [NOTICE]))
  callers = network.homes.map(callerIn)
})
after(async () => {
  for (const caller of callers) caller.stop()
  for (const server of servers) server.kill('SIGKILL')
  await served?.stop()
  network.stop()
})

/** Loads the table as nftables.service would at boot, without Cordon. */
async function boot(redirect25?: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-lab-'))
  const [config, table] = [join(folder, 'cordon.yaml'), join(folder, 'base.nft')]
  writeFileSync(config, `dataFolder: ${folder}\n${CONFIG(redirect25)}\n`)
  const made = await run(process.execPath, [CLI, 'router', 'table', '-c', config])
  assert.equal(made.code, 0, made.output)
  writeFileSync(table, made.output)
  network.run(network.router, 'nft', '-f', table)
  rmSync(folder, { recursive: true })
}

const start = async (redirect25?: string) => {
  served = await serve(CONFIG(redirect25), undefined, { under: () => network.router.inside })
}
const order = async (...words: readonly string[]) => {
  const { code, output } = await cordon(served.folder, ...words)
  assert.equal(code, 0, output)
  return output
}
const impose = (line: string, decision: string) =>
  order('incident', 'impose', `line:${line}`, decision, '--why', 'a test')
const elements = () => network.run(network.router, 'nft', 'list', 'table', 'inet', 'cordon')
const [CONSUMER, EXPERT, LIFELINE] = [0, 1, 2]
function caller(home: number): Caller {
  const one = callers[home]
  if (!one) throw new Error(`there is no home ${home}`)
  return one
}
const call = (home: number, address: string, port: number) => caller(home).call(address, port)
/** Refused at once, by the router: nobody outside would refuse anything. */
const CLOSED = 'ECONNREFUSED'
/** The same for IPv4 and IPv6. */
const both = async (home: number, port: number, to: readonly string[] = FOREIGN) => {
  const answers = await Promise.all(to.map(address => call(home, address, port)))
  const [four = '', six = ''] = answers
  assert.equal(four, six, `port ${port}`)
  return four
}
/** Everything in force ends. */
async function releaseAll(): Promise<void> {
  const { rows: all } = JSON.parse(await order('incident', 'list', '--json')) as {
    rows: { id: string; status: string }[]
  }
  for (const { id, status } of all)
    if (status !== 'closed' && status !== 'probation') await order('incident', 'release', id)
}
const CUT = /^(?:ECONNRESET|EHOSTUNREACH|closed)$/

test('before Cordon runs: port 25 is closed for everybody, and nothing else is', async () => {
  await boot()
  for (const home of [CONSUMER, EXPERT, LIFELINE]) assert.equal(await both(home, 25), CLOSED)
  for (const port of PORTS.filter(one => one !== 25))
    assert.equal(await both(CONSUMER, port), String(port))
  // Our own servers are reached by everybody.
  assert.equal(await both(CONSUMER, 25, OURS), '25')
})

test('subscriber to subscriber: port 25 and worm ports are closed, the rest is not', async t => {
  const neighbour = network.homes[EXPERT]
  assert.ok(neighbour)
  const server = await listenThere(neighbour, [25, 445, 8000])
  t.after(() => server.kill('SIGKILL'))
  const to = [neighbour.v4, neighbour.v6] as const
  assert.equal(await both(CONSUMER, 25, to), CLOSED)
  // Worms also come in datagrams: this is said by ICMP, of which the two families make different errors.
  assert.equal(await call(CONSUMER, neighbour.v4, 445), 'EHOSTUNREACH')
  assert.equal(await call(CONSUMER, neighbour.v6, 445), 'EACCES')
  assert.equal(await both(CONSUMER, 8000, to), '8000')
})

test('with Cordon: the expert’s port is open, and an incident closes it at once, also sessions that are open', async () => {
  await start()
  assert.equal(await both(EXPERT, 25), '25')
  assert.equal(await both(CONSUMER, 25), CLOSED)
  const waiting = FOREIGN.map(address => caller(EXPERT).until(address, 25))
  const session = caller(EXPERT).call(FOREIGN[0], 25, true)
  assert.equal(await session, '25')
  const told = Date.now()
  await impose('expert', 'isolate')
  for (const change of await Promise.all(waiting)) {
    assert.equal(change.answer, CLOSED)
    console.log(`closed ${change.at - told} ms after the command was started`)
  }
  assert.match(await caller(EXPERT).ended(), CUT)
  // Only port 25, and the notice page on port 80; nobody else notices.
  assert.equal(await both(EXPERT, 80), String(NOTICE))
  for (const port of [443, 465, 587, 993]) assert.equal(await both(EXPERT, port), String(port))
  assert.equal(await both(CONSUMER, 80), '80')
  assert.equal(await both(EXPERT, 25, OURS), CLOSED)
  assert.match(
    await order('subscriber', 'show', 'expert'),
    /nftables: 198\.51\.100\.6\/32 isolated/,
  )
  await releaseAll()
  assert.equal(await both(EXPERT, 25), '25')
  assert.equal(await both(EXPERT, 80), '80')
})

test('a line with a lifeline has no notice page', async () => {
  await impose('lifeline', 'isolate')
  assert.equal(await both(LIFELINE, 25, OURS), CLOSED)
  assert.equal(await both(LIFELINE, 80), '80')
  await releaseAll()
})

test('the next customer of an address is not blocked for the last one’s sake, and the block follows the infection', async () => {
  const home = network.homes[EXPERT]
  assert.ok(home)
  await impose('expert', 'isolate')
  assert.equal(await call(EXPERT, FOREIGN[0], 25), CLOSED)
  // Back to back: the next one begins, and nobody has said that the last one ended.
  const open = caller(EXPERT).until(FOREIGN[0], 25)
  const told = Date.now()
  account('Start', '61', 'next', home.v4)
  const change = await open
  assert.equal(change.answer, '25')
  console.log(`open ${change.at - told} ms after radclient was started`)
  // The last one comes back on another address, where somebody else was.
  const other = network.homes[CONSUMER]
  assert.ok(other)
  account('Start', '62', 'expert', other.v4)
  // Answered when it is on disk; the router follows a moment later.
  await eventually(async () =>
    /nftables: .*198\.51\.100\.2\/32 isolated/.test(await order('subscriber', 'show', 'expert'))
      ? true
      : undefined,
  )
  await becomes(CONSUMER, 80, String(NOTICE))
  account('Stop', '62', 'expert', other.v4)
  await becomes(CONSUMER, 80, '80')
  // As it was before.
  account('Start', '63', 'consumer', other.v4)
  // In another second than that of the session that nobody has ended: in the same one it is in doubt whose the address is.
  await sleep(Math.max(0, told + 2000 - Date.now()))
  account('Start', '64', 'expert', home.v4)
  await becomes(EXPERT, 25, CLOSED)
  await releaseAll()
})

/** Soon this is what somebody outside, or the router, answers. */
const becomes = (home: number, port: number, answer: string) =>
  eventually(async () => ((await call(home, FOREIGN[0], port)) === answer ? true : undefined))

/** FreeRADIUS's client on the router tells of a session; returns when it was answered. */
function account(status: string, session: string, user: string, address: string): void {
  const attributes = `Acct-Status-Type = ${status}, Acct-Session-Id = "${session}", User-Name = "${user}", Framed-IP-Address = ${address}`
  network.run(
    network.router,
    'sh',
    '-c',
    `echo '${attributes}' | radclient -r 2 -t 2 127.0.0.1:1813 acct testing123`,
  )
}

test('redirected: port 25 of the very server they wanted is its port 587, until it is lifted', async () => {
  const session = await caller(EXPERT).call(FOREIGN[0], 25, true)
  assert.equal(session, '25')
  await impose('expert', 'redirect-25')
  assert.equal(await both(EXPERT, 25), '587')
  assert.equal(await both(EXPERT, 25, OURS), '25')
  assert.match(await caller(EXPERT).ended(), CUT)
  await releaseAll()
  assert.equal(await both(EXPERT, 25), '25')
})

test('Cordon is killed: what stands stays, and ends by itself; started again, all is as it was, nothing twice', async () => {
  await impose('consumer', 'isolate')
  const before = withoutTimes(elements())
  served.signal('SIGKILL')
  assert.equal(await both(EXPERT, 25), '25')
  assert.equal(await both(CONSUMER, 25), CLOSED)
  assert.equal(await both(CONSUMER, 80), String(NOTICE))
  // Somebody loads the table anew, and puts in what nobody decided.
  await boot()
  network.run(
    network.router,
    'nft',
    'add element inet cordon closed4_32 { 198.51.100.6 comment "somebody" }',
  )
  const again = await startServer(join(served.folder, 'cordon.yaml'), network.router.inside)
  servers.push(again.server)
  assert.equal(withoutTimes(elements()), before)
  assert.equal(await both(EXPERT, 25), '25')
  assert.equal(await both(CONSUMER, 80), String(NOTICE))
  await releaseAll()
  // An isolation of two seconds, and nobody there to end it.
  network.run(
    network.router,
    'nft',
    'add element inet cordon closed4_32 { 198.51.100.6 timeout 2s }',
  )
  again.server.kill('SIGKILL')
  assert.equal(await call(EXPERT, FOREIGN[0], 25), CLOSED)
  assert.equal((await caller(EXPERT).until(FOREIGN[0], 25)).answer, '25')
})

test('a driver that is emptied holds nothing, and is as it was when it is filled', async () => {
  served = await serve(CONFIG(), undefined, { under: () => network.router.inside })
  await impose('consumer', 'isolate')
  const before = withoutTimes(elements())
  await order('driver', 'flush', 'nftables')
  assert.doesNotMatch(elements(), /timeout \S+ expires|comment "(?:consumer|expert)/)
  assert.equal(await both(EXPERT, 25), CLOSED)
  assert.equal(await both(CONSUMER, 80), '80')
  await order('driver', 'fill', 'nftables')
  assert.equal(withoutTimes(elements()), before)
  assert.equal(await both(EXPERT, 25), '25')
})
