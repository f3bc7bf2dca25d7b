// Policy delegation beside postgrey, postfwd, policyd-rate-limit and the least a Node server can do, in one run: half strangers
// (greylisted), half customers (limits on login and network). What Cordon does more: it judges greeting, sender and recipient by
// all its rules, and writes everything behind within a second. Nobody asks the DNS.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/support/free-port.ts'
import { serve } from '../test/support/serve.ts'
import { alone, median, type Row, sideBySide } from './pairs.ts'
import { floor, type Policy, postfwd, postgrey, rateLimit } from './policy-peers.ts'
import { memoryOf } from './processes.ts'

const KNOWN = 10_000
const MANY = 1_000_000

type Asked = { readonly perSecond: number; readonly p99: number; readonly busy: number }
type Given = { readonly connections: number; readonly triplets: number }
/** Asks a policy server for about a second. */
type Ask = (policy: Policy, given: Given) => Promise<Asked>

export async function benchPolicy(): Promise<Row[]> {
  const port = await freePort()
  const cordon = await serve(`
hostname: mail.isp.example
domains: [isp.example]
policyService: { port: ${port} }
rules: { greylist: enforce, reverse-dns: "off", helo-unresolved: "off", spf: "off", dynamic-name: "off" }
strangers: { greylist: { bySpf: false } }
`)
  const ours: Policy = {
    name: 'Cordon',
    target: String(port),
    requests: 60_000,
    stop: () => undefined,
  }
  const folder = mkdtempSync(join(tmpdir(), 'cordon-policy-'))
  const rows: Row[] = []
  let asked = 0
  const ask: Ask = async (policy, { connections, triplets }) => {
    asked += policy.requests
    return load(policy, { connections, first: asked, triplets })
  }
  const bare = await floor()
  try {
    for (const start of [postgrey, postfwd, rateLimit]) {
      const peer = await start(folder)
      if (peer) rows.push(await beside(ask, peer))
      peer?.stop()
    }
    for (const connections of [1, 16, 64])
      rows.push(...(await besideBare(ask, [ours, bare], { connections, triplets: KNOWN })))
    rows.push(await growth(ours, ask, cordon.pid))
    rows.push(...(await besideBare(ask, [ours, bare], { connections: 16, triplets: MANY })))
  } finally {
    bare.stop()
    await cordon.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return rows

  async function beside(asking: Ask, peer: Policy): Promise<Row> {
    const rate = async (policy: Policy) =>
      (await asking(policy, { connections: 16, triplets: KNOWN })).perSecond
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
}

/** How many decisions, and how long the slowest of a hundred took. */
async function besideBare(
  ask: Ask,
  [ours, bare]: readonly [Policy, Policy],
  given: Given,
): Promise<Row[]> {
  const heard: { readonly ours: Asked[]; readonly bare: Asked[] } = { ours: [], bare: [] }
  const what = `${given.connections} connections, ${given.triplets.toLocaleString('en')} triplets`
  const side = (policy: Policy, into: Asked[]) => async () => {
    const one = await ask(policy, given)
    into.push(one)
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
  const p99 = { name: `policy delegation, ${what}: p99`, unit: 'ms', target: 5 } as const
  const waits = heard.ours.map(one => one.p99)
  return [rate, alone({ ...p99, better: 'less' }, waits)]
}

async function growth(ours: Policy, ask: Ask, pid: number): Promise<Row> {
  const rates = async (triplets: number) => {
    const found: number[] = []
    for (let i = 0; i < 5; i++)
      found.push((await ask(ours, { connections: 16, triplets })).perSecond)
    return median(found)
  }
  const few = await rates(KNOWN)
  const before = memoryOf(pid)
  await ask({ ...ours, requests: 2 * MANY }, { connections: 16, triplets: MANY })
  const bytes = ((memoryOf(pid) - before) * 2 ** 20) / MANY
  const many = await rates(MANY)
  console.log(
    `    ${KNOWN.toLocaleString('en')} triplets ${Math.round(few)}/s, ${MANY.toLocaleString('en')} triplets ${Math.round(many)}/s; ${Math.round(bytes)} bytes a triplet`,
  )
  return alone(
    {
      name: `cost of a decision with ${MANY.toLocaleString('en')} triplets, per cent of that with ${KNOWN.toLocaleString('en')}`,
      unit: 'per cent',
      target: 125,
      better: 'less',
    },
    [(few / many) * 100],
  )
}

async function load(
  { target, requests }: Policy,
  given: { readonly connections: number; readonly first: number; readonly triplets: number },
): Promise<Asked> {
  const program = join(import.meta.dirname, 'policy-load.ts')
  const words = [target, given.connections, requests, given.first, given.triplets].map(String)
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', chunk => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`the client ended with ${code}`)
  return JSON.parse(said) as Asked
}
