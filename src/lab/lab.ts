// The lab: a whole small provider on this machine, with the real program on a real router, and a story played in it. Everything it says
// was seen from inside a home or from outside, never asked of Cordon itself.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { parseConfig } from '../config/load.ts'
import { cpeNftables } from '../core/cpe/nftables.ts'
import { hashPassword, PROPER_COST } from '../drivers/credentials/password-hash.ts'
import { baseTable } from '../drivers/network/nftables/base-table.ts'
import { ask, order } from '../cli/control-client.ts'
import type { Page } from '../model/page.ts'
import type { Incident } from '../model/incident.ts'
import type { Order } from '../orders/contract/orders.ts'
import type { Errand } from './home-machine.ts'
import { LAB_FOLDER, removeLeftovers } from './leftovers.ts'
import { buildNetwork, DECOY, type Home, ISP, LAN4, type LabNetwork } from './namespaces.ts'

export const PEOPLE = [
  { id: 'anna', plan: 'consumer', role: 'a person' },
  { id: 'bert', plan: 'consumer', role: 'a person' },
  { id: 'bot-1', plan: 'consumer', role: 'infected: straight to port 25' },
  { id: 'bot-2', plan: 'consumer', role: 'infected: finds a decoy' },
  { id: 'expert', plan: 'expert', role: 'runs a mail server' },
  { id: 'vpn', plan: 'consumer', role: 'works through a VPN' },
] as const
export type Name = (typeof PEOPLE)[number]['id']

export const PORTS = { notice: 8081, vpn: 51_820, open: [80, 443, 465, 587, 993] } as const
export const PASSWORD = 'a long mail password'
/** Servers that a bot knocks at, each of another organisation. */
export const VICTIMS = Array.from({ length: 10 }, (_, i) => `203.0.113.${210 + i}`)
const PROGRAM = fileURLToPath(new URL('../cli/cordon.ts', import.meta.url))
const OUTSIDE = fileURLToPath(new URL('./outside-world.ts', import.meta.url))
const ULOGD = new URL('../../etc/ulogd.conf', import.meta.url)
const HOME_MACHINE = fileURLToPath(new URL('./home-machine.ts', import.meta.url))

export type Lab = {
  readonly network: LabNetwork
  home(name: Name): Home
  /** Runs an errand on the machine of a home; resolves with its result. */
  at(name: Name, errand: Errand): Promise<string>
  /** Number of messages of this envelope sender that arrived outside. */
  arrived(sender: string): number
  /** Gives an order as staff. Throws when it is refused. */
  order(what: Order): Promise<void>
  /** Releases the case of a home's line. */
  release(name: Name): Promise<void>
  /** Kills the program (SIGKILL), and starts it again. */
  crash(): void
  restart(): Promise<void>
  stop(): void
}

/** Debian packages that the lab needs and that are not installed. */
export function missing(): string[] {
  const needed = {
    nft: 'nftables',
    ip: 'iproute2',
    ulogd: 'ulogd2 ulogd2-json',
    unbound: 'unbound',
  }
  return Object.entries(needed).flatMap(([program, name]) =>
    spawnSync('sh', ['-c', `command -v ${program}`]).status === 0 ? [] : [name],
  )
}

const config = (folder: string, dns: string, hash: string) => `
hostname: mail.isp.example
domains: [isp.example]
dataFolder: ${folder}/data
leaseSkew: 0s
log: silent
provider: Lab Net
resolvers: ["${dns}"]
http: { console: { port: 0 }, portal: { address: "::", port: ${PORTS.notice} } }
listeners: [{ kind: submission, address: "::", port: 587 }]
firewallLog: { port: 10040, antiSpoofed: true }
decoys: { addresses: [${DECOY}] }
nftables:
  - consumers: [198.51.100.0/24, "2001:db8:100::/40"]
    servers: ["${ISP.v4}", "${ISP.v6}"]
    noticePage: { addresses: ["${ISP.v4}", "${ISP.v6}"], port: ${PORTS.notice} }
    wormPorts: [445]
    # Higher than for people: the lab knocks again and again to see when something changes.
    expertRate: 1000000
subscribers:
${PEOPLE.map(({ id, plan }) => `  - { id: ${id}, plan: ${plan}, logins: [{ name: ${id}@isp.example, passwordHash: "${hash}" }] }`).join('\n')}
leases:
`

/** Resolves when everything runs. `built` is called before, with the function that takes the lab down. */
export async function startLab(built: (stop: () => void) => void): Promise<Lab> {
  removeLeftovers(tmpdir())
  const folder = mkdtempSync(join(tmpdir(), LAB_FOLDER))
  const network = buildNetwork(PEOPLE.length)
  const stop = () => {
    network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  built(stop)
  try {
    return await furnish(network, folder, stop)
  } catch (error) {
    stop()
    throw error
  }
}

async function furnish(network: LabNetwork, folder: string, stop: () => void): Promise<Lab> {
  const { isp, outside, homes } = network
  const home = (name: Name) => homes[PEOPLE.findIndex(one => one.id === name)] as Home
  await startDns(network, folder)
  const file = join(folder, 'cordon.yaml')
  const hash = await hashPassword(PASSWORD, PROPER_COST)
  const leases = homes.flatMap(({ leases: mine, index }) =>
    mine.map(prefix => `  - { prefix: "${prefix}", subscriber: ${PEOPLE[index]?.id} }`),
  )
  writeFileSync(file, `${config(folder, '127.0.0.1:5353', hash)}${leases.join('\n')}\n`)
  const [router] = parseConfig(readFileSync(file, 'utf8')).nftables
  if (!router) throw new Error('the lab has no router')
  load(network, isp.inside, join(folder, 'base.nft'), baseTable(router))
  for (const one of homes) {
    const profile = PEOPLE[one.index]?.plan === 'expert' ? 'expert' : 'consumer'
    const settings = { lan: 'lan', wan: 'wan', lanPrefix4: LAN4, servers: [ISP.v4, ISP.v6] }
    // The modem of an infected home filters nothing, so that only the provider's measures are seen.
    const old = PEOPLE[one.index]?.id.startsWith('bot') === true
    const text = cpeNftables(old ? 'expert' : profile, settings)
    // Every home has one IPv4 address, and a NAT.
    const nat = `table ip home_nat\ntable ip home_nat {\n  chain post {\n    type nat hook postrouting priority srcnat\n    oifname "wan" masquerade\n  }\n}\n`
    load(network, one.modem.inside, join(folder, `modem${one.index}.nft`), `${text}${nat}`)
  }
  const taken = new Map<string, number>()
  const world = network.start(
    outside,
    process.execPath,
    OUTSIDE,
    ...[25, PORTS.vpn, ...PORTS.open].map(String),
  )
  await said(world, line => {
    if (line === 'ready') return true
    const { sender } = JSON.parse(line) as { sender: string }
    taken.set(sender, (taken.get(sender) ?? 0) + 1)
    return false
  })
  const serve = async () => {
    const child = network.start(isp, process.execPath, PROGRAM, 'serve', '-c', file)
    await said(child, line => line.startsWith('ready'))
    return child
  }
  let server = await serve()
  await startUlogd(network, folder)
  const started = PEOPLE.map(({ id }) =>
    network.start(home(id).machine, process.execPath, HOME_MACHINE),
  )
  // Errands are timed: the programs must run before the first one.
  await Promise.all(started.map(child => said(child, line => line === 'ready')))
  const machines = new Map(started.map((child, i) => [PEOPLE[i]?.id, worker(child)]))
  return {
    network,
    home,
    at: (name, errand) => machines.get(name)?.(errand) ?? Promise.resolve('no such machine'),
    arrived: sender => taken.get(sender) ?? 0,
    order: async what => {
      const outcome = await order({ data: `${folder}/data` }, what)
      if (!outcome.done) throw new Error(outcome.text)
    },
    release: async name => {
      const data = `${folder}/data`
      const { rows } = await ask<Page<Incident>>({ data }, '/incidents')
      const mine = rows.find(one => one.subscriber === name)
      await order({ data }, { kind: 'release', incident: mine?.id ?? '' })
    },
    crash: () => void server.kill('SIGKILL'),
    restart: async () => {
      server = await serve()
    },
    stop,
  }
}

function load(network: LabNetwork, inside: readonly string[], file: string, text: string): void {
  writeFileSync(file, text)
  network.run({ name: '', inside }, 'nft', '-f', file)
}

/** DNS with the names of the outside, for the provider's mail server. */
async function startDns(network: LabNetwork, folder: string): Promise<void> {
  const file = join(folder, 'unbound.conf')
  const log = join(folder, 'unbound.log')
  writeFileSync(
    file,
    `server:
  interface: 127.0.0.1@5353
  port: 5353
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${folder}/unbound.pid"
  use-syslog: no
  logfile: "${log}"
  verbosity: 1
  local-zone: "example." static
  local-data: "meadow.example. MX 10 mx.meadow.example."
  local-data: "mx.meadow.example. A 203.0.113.201"
  local-data: "mx.meadow.example. AAAA 2001:db8:f::201"
${VICTIMS.map((address, i) => `  local-data: "mx.victim-${i}.example. A ${address}"\n  local-data-ptr: "${address} mx.victim-${i}.example."\n`).join('')}remote-control:
  control-enable: no
`,
  )
  network.start(network.isp, 'unbound', '-d', '-c', file)
  await written(log, 'start of service')
}

async function startUlogd(network: LabNetwork, folder: string): Promise<void> {
  const log = join(folder, 'ulogd.log')
  const shipped = readFileSync(ULOGD, 'utf8')
  writeFileSync(join(folder, 'ulogd.conf'), shipped.replace('logfile="syslog"', `logfile="${log}"`))
  network.start(network.isp, 'ulogd', '-c', join(folder, 'ulogd.conf'))
  await written(log, 'entering main loop')
}

/** Waits until the file has these words; a minute at most. */
async function written(file: string, words: string): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (existsSync(file) && readFileSync(file, 'utf8').includes(words)) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`${file} does not say "${words}"`)
}

/** Reads the child's lines until it ends; resolves at the first for which `isIt` holds. */
async function said(child: ChildProcess, isIt: (line: string) => boolean): Promise<void> {
  const { stdout } = child
  if (!stdout) throw new Error('it has no output')
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: stdout }).on('line', line => isIt(line) && resolve())
    void once(child, 'exit').then(([code]) =>
      reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)),
    )
  })
}

/** Runs errands one after the other. */
function worker(child: ReturnType<typeof spawn>): (errand: Errand) => Promise<string> {
  const waiting: ((answer: string) => void)[] = []
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', line =>
      waiting.shift()?.(JSON.parse(line) as string),
    )
  return errand =>
    new Promise(resolve => {
      waiting.push(resolve)
      child.stdin?.write(`${JSON.stringify(errand)}\n`)
    })
}
