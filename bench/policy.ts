// Policy delegation beside postgrey, postfwd, policyd-rate-limit and the least a Node server can do, in one run: half strangers
// (greylisted), half customers (limits on login and network). What Cordon does more: it judges greeting, sender and recipient by
// all its rules, and writes everything behind within a second. The DNS is not asked. Then once more with the end of each message, where its mail
// is counted and is evidence.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/support/free-port.ts'
import { serve } from '../test/support/serve.ts'
import { alone, median, type Row, sideBySide } from './pairs.ts'
import { floor, type Policy, postfwd, postgrey, rateLimit } from './policy-peers.ts'
import { cpuOf, memoryOf } from './processes.ts'

const KNOWN = 10_000
const MANY = 1_000_000

type Asked = { readonly perSecond: number; readonly p99: number; readonly busy: number }
/** `cpu`: µs of the server's processor time a decision. */
type Measured = Asked & { readonly cpu: number }
/** The server that is asked. */
type Asks = Omit<Policy, 'stop'>
type Process = Asks & { readonly pid: number }
type Given = { readonly connections: number; readonly triplets: number; readonly ends?: true }
/** Asks a policy server for about a second. */
type Ask = (policy: Asks, given: Given) => Promise<Asked>

export async function benchPolicy(): Promise<Row[]> {
  const ours = await cordon('Cordon')
  const folder = mkdtempSync(join(tmpdir(), 'cordon-policy-'))
  const rows: Row[] = []
  let asked = 0
  const ask: Ask = async (policy, given) => {
    asked += policy.requests
    return load(policy, { ...given, first: asked })
  }
  const bare = await floor()
  try {
    for (const start of [postgrey, postfwd, rateLimit]) {
      const peer = await start(folder)
      if (peer) rows.push(await beside(ask, ours, peer))
      peer?.stop()
    }
    for (const connections of [1, 16, 64])
      rows.push(...(await besideBare(ask, [ours, bare], { connections, triplets: KNOWN })))
    const ends = await cordon('Cordon at END-OF-MESSAGE', 'end-of-message')
    try {
      const given = { connections: 16, triplets: MANY, ends: true } as const
      rows.push(...(await besideBare(ask, [ends, bare], given)))
    } finally {
      await ends.stop()
    }
    const grown = await cordon('Cordon with a million triplets')
    try {
      rows.push(await growth(ask, ours, grown))
      rows.push(...(await besideBare(ask, [grown, bare], { connections: 16, triplets: MANY })))
    } finally {
      await grown.stop()
    }
  } finally {
    bare.stop()
    await ours.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return rows
}

type Ours = Process & { stop(): Promise<void> }

export const policyConfig = (port: number, countAt = 'rcpt') => `
hostname: mail.isp.example
domains: [isp.example]
policyService: { port: ${port}, countAt: ${countAt} }
rules: { greylist: enforce, reverse-dns: "off", helo-unresolved: "off", spf: "off", dynamic-name: "off" }
strangers: { greylist: { bySpf: false } }
`

async function cordon(name: string, countAt?: 'end-of-message'): Promise<Ours> {
  const port = await freePort()
  const { pid, stop } = await serve(policyConfig(port, countAt))
  return { name, target: String(port), requests: 60_000, pid, stop }
}

async function beside(ask: Ask, ours: Asks, peer: Asks): Promise<Row> {
  const rate = async (policy: Asks) =>
    (await ask(policy, { connections: 16, triplets: KNOWN })).perSecond
  return sideBySide(
    {
      name: 'policy delegation, 16 connections, greylisting and limits',
      unit: 'decisions a second',
      peerName: peer.name,
      target: 10,
    },
    () => rate(ours),
    () => rate(peer),
  )
}

/** How many decisions, and how long the slowest of a hundred took. */
async function besideBare(
  ask: Ask,
  [ours, bare]: readonly [Process, Process],
  given: Given,
): Promise<Row[]> {
  const heard: { readonly ours: Measured[]; readonly bare: Measured[] } = { ours: [], bare: [] }
  const what = `${given.connections} connections, ${given.triplets.toLocaleString('en')} triplets${given.ends ? ', RCPT and END-OF-MESSAGE, with evidence' : ''}`
  const side = (policy: Process, into: Measured[]) => async () => {
    const before = cpuOf(policy.pid)
    const one = await ask(policy, given)
    into.push({ ...one, cpu: ((cpuOf(policy.pid) - before) * 1000) / policy.requests })
    return one.perSecond
  }
  const rate = await sideBySide(
    {
      name: `policy delegation, ${what}`,
      unit: 'decisions a second',
      peerName: bare.name,
      target: 0.5,
      pairs: 11,
    },
    side(ours, heard.ours),
    side(bare, heard.bare),
  )
  const busy = (all: readonly Asked[]) =>
    `${Math.round(median(all.map(one => one.busy)) * 100)} per cent of a core`
  console.log(
    `    the client needed ${busy(heard.ours)} for ours, ${busy(heard.bare)} for the peer`,
  )
  // On a machine whose cores are all busy the clock says how many others there are; this, less so.
  const cpu = [heard.ours, heard.bare].map(all => median(all.map(one => one.cpu)))
  const [mine = 0, peers = 0] = cpu
  console.log(
    `    CPU a decision: ${Math.round(mine)} µs ours, ${Math.round(peers)} µs the peer, which is ${(peers / mine).toFixed(2)} of ours`,
  )
  const p99 = { name: `policy delegation, ${what}: p99`, unit: 'ms', target: 5 } as const
  const waits = heard.ours.map(one => one.p99)
  return [rate, alone({ ...p99, better: 'less' }, waits)]
}

/** The same program with a hundred times the state, in turn with the one without: it may cost a quarter more. */
async function growth(ask: Ask, few: Ours, many: Ours): Promise<Row> {
  await ask(many, { connections: 16, triplets: KNOWN })
  const before = memoryOf(many.pid)
  await ask({ ...many, requests: 2 * MANY }, { connections: 16, triplets: MANY })
  const bytes = ((memoryOf(many.pid) - before) * 2 ** 20) / MANY
  console.log(`    ${Math.round(bytes)} bytes a triplet`)
  const rate = (policy: Asks, triplets: number) => async () =>
    (await ask(policy, { connections: 16, triplets })).perSecond
  const counted = (triplets: number) => `${triplets.toLocaleString('en')} triplets`
  return sideBySide(
    {
      name: `policy delegation, ${counted(MANY)}`,
      unit: 'decisions a second',
      peerName: `the same with ${counted(KNOWN)}`,
      target: 0.8,
      pairs: 11,
    },
    rate(many, MANY),
    rate(few, KNOWN),
  )
}

export async function load(
  { target, requests }: Asks,
  given: Given & { readonly first: number },
): Promise<Asked> {
  const program = join(import.meta.dirname, 'policy-load.ts')
  const numbers = [given.connections, requests, given.first, given.triplets].map(String)
  const words = [target, ...numbers, ...(given.ends ? ['ends'] : [])]
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', chunk => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`the client ended with ${code}`)
  return JSON.parse(said) as Asked
}
