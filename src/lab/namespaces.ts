// A small provider in network namespaces of its own: a router, six homes behind modems, and an outside. Addresses are those of
// documentation (RFC 5737, RFC 3849), inside the namespaces only. Nothing outside them is touched, and all of it goes again.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { LAB_MARK, removeNamespace } from './leftovers.ts'

export type LabNamespace = {
  readonly name: string
  /** Program and arguments that run another program there. */
  readonly inside: readonly string[]
}

export type Home = {
  readonly index: number
  /** The machine, and the modem in front of it. */
  readonly machine: LabNamespace
  readonly modem: LabNamespace
  /** What the provider leases to it. */
  readonly leases: readonly string[]
  /** The modem's address outside, and the machine's own (IPv6, and IPv4 where nothing is translated). */
  readonly wan4: string
  readonly machine6: string
}

export type LabNetwork = {
  readonly isp: LabNamespace
  readonly outside: LabNamespace
  readonly homes: readonly Home[]
  /** Runs a program to its end; throws what it complained of. */
  run(place: LabNamespace, ...words: readonly string[]): string
  /** Starts a program that goes on; it ends with the network. */
  start(place: LabNamespace, ...words: readonly string[]): ChildProcess
  stop(): void
}

export const ISP = { v4: '203.0.113.1', v6: '2001:db8:f::1' } as const
/** The outside's servers, and an address that is not used. */
export const OUTSIDE4 = ['203.0.113.201', '203.0.113.202'] as const
export const OUTSIDE6 = ['2001:db8:f::201', '2001:db8:f::202'] as const
export const DECOY = '203.0.113.77'
/** The network in every home: all of them have the same one, as real ones do. */
export const LAN4 = '192.0.2.0/29'
const MODEM4 = '192.0.2.1'
const MACHINE4 = '192.0.2.2'

const hex = (n: number) => n.toString(16).padStart(2, '0')

/** Throws when a program is missing or refuses; then nothing is left behind. */
export function buildNetwork(count: number): LabNetwork {
  const network = new Namespaces(count)
  try {
    network.build()
  } catch (error) {
    network.stop()
    throw error
  }
  return network
}

class Namespaces implements LabNetwork {
  readonly isp: LabNamespace
  readonly outside: LabNamespace
  readonly homes: readonly Home[]
  readonly #children = new Set<ChildProcess>()

  constructor(count: number) {
    const place = placesOf(LAB_MARK)
    this.isp = place('isp')
    this.outside = place('outside')
    this.homes = Array.from({ length: count }, (_, index) => homeOf(place, index))
  }

  build(): void {
    for (const one of this.#all()) {
      plain('ip', 'netns', 'add', one.name)
      this.run(one, 'ip', 'link', 'set', 'lo', 'up')
    }
    const forwarding = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']
    for (const one of [this.isp, ...this.homes.map(home => home.modem)])
      this.run(one, 'sysctl', '-qw', ...forwarding)
    this.#buildOutside()
    for (const home of this.homes) this.#buildHome(home)
  }

  run(at: LabNamespace, ...words: readonly string[]): string {
    return plain(...at.inside, ...words)
  }

  start(at: LabNamespace, ...words: readonly string[]): ChildProcess {
    const [program = '', ...rest] = [...at.inside, ...words]
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#children.add(child)
    child.on('exit', () => this.#children.delete(child))
    child.stdin?.on('error', () => undefined)
    return child
  }

  stop(): void {
    for (const child of this.#children) child.kill('SIGKILL')
    for (const { name } of this.#all()) removeNamespace(name)
  }

  #all(): readonly LabNamespace[] {
    return [this.isp, this.outside, ...this.homes.flatMap(home => [home.machine, home.modem])]
  }

  #buildOutside(): void {
    const { isp, outside } = this
    link([isp, 'uplink'], [outside, 'eth0'])
    this.#address(isp, 'uplink', `${ISP.v4}/24`, `${ISP.v6}/64`)
    this.#address(
      outside,
      'eth0',
      ...OUTSIDE4.map(one => `${one}/24`),
      ...OUTSIDE6.map(one => `${one}/64`),
      // Machines that a bot knocks at.
      ...Array.from({ length: 12 }, (_, i) => `203.0.113.${210 + i}/24`),
    )
    this.run(isp, 'ip', 'addr', 'add', `${DECOY}/32`, 'dev', 'lo')
    this.#route(outside, ISP)
  }

  /** A line from the router to a modem, and behind it a machine. */
  #buildHome({ index, machine, modem, wan4, machine6 }: Home): void {
    const near = { v4: `198.51.100.${index * 4 + 1}`, v6: `2001:db8:e${hex(index)}::1` }
    const far6 = `2001:db8:e${hex(index)}::2`
    const lan = { v4: MODEM4, v6: `2001:db8:1${hex(index)}::1` }
    link([this.isp, `line${index}`], [modem, 'wan'])
    link([modem, 'lan'], [machine, 'eth0'])
    this.#address(this.isp, `line${index}`, `${near.v4}/30`, `${near.v6}/64`)
    this.#address(modem, 'wan', `${wan4}/30`, `${far6}/64`)
    this.#address(modem, 'lan', `${lan.v4}/29`, `${lan.v6}/64`)
    this.#address(machine, 'eth0', `${MACHINE4}/29`, `${machine6}/64`)
    const leased6 = `2001:db8:1${hex(index)}::/56`
    this.run(this.isp, 'ip', '-6', 'route', 'add', leased6, 'via', far6)
    this.#route(modem, near)
    this.#route(machine, lan)
  }

  #address(at: LabNamespace, device: string, ...addresses: readonly string[]): void {
    for (const one of addresses) {
      const once = one.includes(':') ? ['nodad'] : []
      this.run(at, 'ip', 'addr', 'add', one, 'dev', device, ...once)
    }
    this.run(at, 'ip', 'link', 'set', device, 'up')
  }

  #route(at: LabNamespace, via: { readonly v4: string; readonly v6: string }): void {
    this.run(at, 'ip', 'route', 'add', 'default', 'via', via.v4)
    this.run(at, 'ip', '-6', 'route', 'add', 'default', 'via', via.v6)
  }
}

const placesOf =
  (mark: string) =>
  (name: string): LabNamespace => ({
    name: `${mark}-${name}`,
    inside: ['ip', 'netns', 'exec', `${mark}-${name}`],
  })

const homeOf = (place: (name: string) => LabNamespace, index: number): Home => ({
  index,
  machine: place(`home${index}`),
  modem: place(`modem${index}`),
  leases: [`198.51.100.${index * 4 + 2}/32`, `2001:db8:1${hex(index)}::/56`],
  wan4: `198.51.100.${index * 4 + 2}`,
  machine6: `2001:db8:1${hex(index)}::2`,
})

type Device = readonly [place: LabNamespace, name: string]

/** A cable between two devices. */
function link([a, aName]: Device, [b, bName]: Device): void {
  const one = ['ip', 'link', 'add', aName, 'netns', a.name, 'type', 'veth']
  const other = ['peer', 'name', bName, 'netns', b.name]
  plain(...one, ...other)
}

function plain(...words: readonly string[]): string {
  const [program = '', ...rest] = words
  const { status, stdout, stderr, error } = spawnSync(program, rest, { encoding: 'utf8' })
  if (error) throw new Error(`${program}: ${error.message}`)
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  return stdout
}
