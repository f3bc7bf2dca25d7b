// Policy delegation beside postgrey, postfwd, policyd-rate-limit and the least a Node server can do, in one run: 16
// connections, half strangers (greylisted), half customers (limits on login and network). What Cordon does more: it judges
// greeting, sender and recipient by all its rules, and writes everything behind within a second. Nobody asks the DNS.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/support/free-port.ts'
import { eventually, serve } from '../test/support/serve.ts'
import { alone, type Row, sideBySide } from './pairs.ts'
import { memoryOf } from './processes.ts'

const KNOWN = 10_000
const MANY = 1_000_000

type Policy = {
  readonly name: string
  readonly target: string
  readonly requests: number
  stop(): void
}
type Asked = { readonly perSecond: number; readonly p99: number; readonly cpu: number }

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
    requests: 40_000,
    stop: () => undefined,
  }
  const folder = mkdtempSync(join(tmpdir(), 'cordon-policy-'))
  const rows: Row[] = []
  let asked = 0
  const ask = async (policy: Policy, given: { connections?: number; triplets?: number } = {}) => {
    const { connections = 16, triplets = KNOWN } = given
    asked += policy.requests
    return load(policy, { connections, first: asked, triplets })
  }
  try {
    const waits: number[] = []
    for (const start of [floor, postgrey, postfwd, rateLimit]) {
      const peer = await start(folder)
      if (!peer) continue
      const row = await sideBySide(
        {
          name: 'policy delegation, 16 connections, greylisting and limits',
          unit: 'decisions a second',
          peerName: peer.name,
          target: peer.name === 'bare Node' ? 0.5 : 10,
        },
        async () => {
          const { perSecond, p99 } = await ask(ours)
          waits.push(p99)
          return perSecond
        },
        async () => (await ask(peer)).perSecond,
      )
      peer.stop()
      rows.push(row)
    }
    const p99 = { name: 'policy delegation, 16 connections: p99', unit: 'ms', target: 5 } as const
    rows.push(alone({ ...p99, better: 'less' }, waits))
    for (const connections of [1, 64]) {
      const { perSecond, p99 } = await ask(ours, { connections })
      console.log(
        `    ${connections} connections: ${Math.round(perSecond)} decisions a second, p99 ${p99.toFixed(2)} ms`,
      )
    }
    rows.push(await growth(ours, ask, cordon.pid))
  } finally {
    await cordon.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return rows
}

async function growth(
  ours: Policy,
  ask: (policy: Policy, given: { triplets: number }) => Promise<Asked>,
  pid: number,
): Promise<Row> {
  const rates = async (triplets: number) => {
    const found: number[] = []
    for (let i = 0; i < 5; i++) found.push((await ask(ours, { triplets })).perSecond)
    return found.toSorted((a, b) => a - b)[2] ?? 0
  }
  const few = await rates(KNOWN)
  const before = memoryOf(pid)
  await ask({ ...ours, requests: 2 * MANY }, { triplets: MANY })
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

async function floor(): Promise<Policy> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'policy-floor.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    name: 'bare Node',
    target: String(line).trim(),
    requests: 40_000,
    stop: () => child.kill(),
  }
}

async function postgrey(folder: string): Promise<Policy | undefined> {
  const port = await freePort()
  const program = provided('/usr/sbin/postgrey', 'postgrey')
  if (!program) return undefined
  const child = spawn(
    program,
    [`--inet=127.0.0.1:${port}`, `--dbdir=${folder}`, '--user=root', '--group=root', '--delay=300'],
    { stdio: 'ignore' },
  )
  return started({ name: 'postgrey', port, child, requests: 6000 })
}

async function postfwd(folder: string): Promise<Policy | undefined> {
  const port = await freePort()
  const program = provided('/usr/sbin/postfwd', 'postfwd')
  if (!program) return undefined
  const rules = join(folder, 'postfwd.cf')
  writeFileSync(
    rules,
    'id=user; sasl_username=~/./; action=rate(sasl_username/100/3600/450 4.7.1 too many)\nid=client; action=rate(client_address/100/3600/450 4.7.1 too many)\n',
  )
  // It serves only as a daemon, which its own file of its process number ends.
  const pidFile = join(folder, 'postfwd.pid')
  const own = `--cache_port ${await freePort()} --pidfile ${pidFile} --no_parent_request_cache`
  const words = `-f ${rules} -i 127.0.0.1 -p ${port} -u root -g root ${own}`
  const child = spawn(program, words.split(' '), { stdio: 'ignore' })
  const policy = await started({ name: 'postfwd', port, child, requests: 6000 })
  return (
    policy && { ...policy, stop: () => void process.kill(Number(readFileSync(pidFile, 'utf8'))) }
  )
}

async function rateLimit(folder: string): Promise<Policy | undefined> {
  const program = provided('/usr/bin/policyd-rate-limit', 'policyd-rate-limit')
  if (!program) return undefined
  const port = await freePort()
  const file = join(folder, 'rate-limit.yaml')
  writeFileSync(
    file,
    `debug: false
user: root
group: root
pidfile: ${folder}/rate-limit.pid
sqlite_config: { database: ${folder}/rate-limit.sqlite3 }
backend: 0
SOCKET: ["127.0.0.1", ${port}]
limits: [[60, 3600], [500, 86400]]
limit_by_sasl: true
limit_by_sender: false
limit_by_ip: true
limited_networks: ["0.0.0.0/0"]
success_action: dunno
fail_action: "defer_if_permit Rate limit reach, retry later"
db_error_action: dunno
report: false
`,
  )
  const child = spawn(program, ['-f', file], { stdio: 'ignore' })
  return started({ name: 'policyd-rate-limit', port, child, requests: 3000 })
}

async function started(given: {
  readonly name: string
  readonly port: number
  readonly child: ChildProcess
  readonly requests: number
}): Promise<Policy | undefined> {
  const { name, port, child, requests } = given
  const listens = () =>
    new Promise<true | undefined>(resolve => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => resolve(undefined))
      socket.on('connect', () => {
        socket.destroy()
        resolve(true)
      })
    })
  try {
    await eventually(listens)
  } catch {
    console.log(`    absent: ${name} does not start here`)
    child.kill()
    return undefined
  }
  return { name, target: String(port), requests, stop: () => void child.kill() }
}

/** Installed from Debian where it is missing; said where that is not possible. */
function provided(program: string, name: string): string | undefined {
  if (!existsSync(program)) {
    const args = ['install', '-y', '-qq', '--no-install-recommends', name]
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
  if (existsSync(program)) return program
  console.log(`    absent: ${name} cannot be installed here`)
  return undefined
}
