// A small provider in network namespaces of its own: a router, six homes behind modems, and an outside. Addresses are those of
// documentation (RFC 5737, RFC 3849), inside the namespaces only. Nothing outside them is touched, and all of it goes again.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

export type Place = {
  readonly name: string
  /** Program and arguments that run another program there. */
  readonly inside: readonly string[]
}

export type Home = {
  readonly index: number
  /** The machine, and the modem in front of it. */
  readonly machine: Place
  readonly modem: Place
  /** What the provider leases to it. */
  readonly leases: readonly string[]
  /** The modem's address outside, and the machine's own (IPv6, and IPv4 where nothing is translated). */
  readonly wan4: string
  readonly machine6: string
}

export type LabNetwork = {
  readonly isp: Place
  readonly outside: Place
  readonly homes: readonly Home[]
  /** Runs a program to its end; throws what it complained of. */
  run(place: Place, ...words: readonly string[]): string
  /** Starts a program that goes on; it ends with the network. */
  start(place: Place, ...words: readonly string[]): ChildProcess
  stop(): void
}

export const ISP = { v4: '203.0.113.1', v6: '2001:db8:f::1' } as const
/** The outside's servers, and an address that nobody uses. */
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
  const mark = `lab${process.pid % 100_000}`
  const place = (name: string): Place => ({
    name: `${mark}-${name}`,
    inside: ['ip', 'netns', 'exec', `${mark}-${name}`],
  })
  const isp = place('isp')
  const outside = place('outside')
  const homes = Array.from(
    { length: count },
    (_, index): Home => ({
      index,
      machine: place(`home${index}`),
      modem: place(`modem${index}`),
      leases: [`198.51.100.${index * 4 + 2}/32`, `2001:db8:1${hex(index)}::/56`],
      wan4: `198.51.100.${index * 4 + 2}`,
      machine6: `2001:db8:1${hex(index)}::2`,
    }),
  )
  const all = [isp, outside, ...homes.flatMap(home => [home.machine, home.modem])]
  const children = new Set<ChildProcess>()
  const plain = (...words: readonly string[]): string => {
    const [program = '', ...rest] = words
    const { status, stdout, stderr, error } = spawnSync(program, rest, { encoding: 'utf8' })
    if (error) throw new Error(`${program}: ${error.message}`)
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
    return stdout
  }
  const run: LabNetwork['run'] = (at, ...words) => plain(...at.inside, ...words)
  const stop = () => {
    for (const child of children) child.kill('SIGKILL')
    for (const { name } of all) spawnSync('ip', ['netns', 'del', name])
  }
  const link = (a: Place, aName: string, b: Place, bName: string) =>
    plain(
      'ip',
      'link',
      'add',
      aName,
      'netns',
      a.name,
      'type',
      'veth',
      'peer',
      'name',
      bName,
      'netns',
      b.name,
    )
  const address = (at: Place, device: string, ...addresses: readonly string[]) => {
    for (const one of addresses)
      run(at, 'ip', 'addr', 'add', one, 'dev', device, ...(one.includes(':') ? ['nodad'] : []))
    run(at, 'ip', 'link', 'set', device, 'up')
  }
  try {
    for (const one of all) {
      plain('ip', 'netns', 'add', one.name)
      run(one, 'ip', 'link', 'set', 'lo', 'up')
    }
    const forwarding = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']
    for (const one of [isp, ...homes.map(home => home.modem)])
      run(one, 'sysctl', '-qw', ...forwarding)
    link(isp, 'uplink', outside, 'eth0')
    address(isp, 'uplink', `${ISP.v4}/24`, `${ISP.v6}/64`)
    address(
      outside,
      'eth0',
      ...OUTSIDE4.map(one => `${one}/24`),
      ...OUTSIDE6.map(one => `${one}/64`),
      // Machines that a bot knocks at.
      ...Array.from({ length: 12 }, (_, i) => `203.0.113.${210 + i}/24`),
    )
    run(isp, 'ip', 'addr', 'add', `${DECOY}/32`, 'dev', 'lo')
    run(outside, 'ip', 'route', 'add', 'default', 'via', ISP.v4)
    run(outside, 'ip', '-6', 'route', 'add', 'default', 'via', ISP.v6)
    for (const { index, machine, modem, wan4, machine6 } of homes) {
      const [near4, near6] = [`198.51.100.${index * 4 + 1}`, `2001:db8:e${hex(index)}::1`]
      const lan6 = `2001:db8:1${hex(index)}::1`
      link(isp, `line${index}`, modem, 'wan')
      link(modem, 'lan', machine, 'eth0')
      address(isp, `line${index}`, `${near4}/30`, `${near6}/64`)
      address(modem, 'wan', `${wan4}/30`, `2001:db8:e${hex(index)}::2/64`)
      address(modem, 'lan', `${MODEM4}/29`, `${lan6}/64`)
      address(machine, 'eth0', `${MACHINE4}/29`, `${machine6}/64`)
      run(
        isp,
        'ip',
        '-6',
        'route',
        'add',
        `2001:db8:1${hex(index)}::/56`,
        'via',
        `2001:db8:e${hex(index)}::2`,
      )
      for (const [at, four, six] of [
        [modem, near4, near6],
        [machine, MODEM4, lan6],
      ] as const) {
        run(at, 'ip', 'route', 'add', 'default', 'via', four)
        run(at, 'ip', '-6', 'route', 'add', 'default', 'via', six)
      }
    }
  } catch (error) {
    stop()
    throw error
  }
  return {
    isp,
    outside,
    homes,
    run,
    start: (at, ...words) => {
      const [program = '', ...rest] = [...at.inside, ...words]
      const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'ignore'] })
      children.add(child)
      child.on('exit', () => children.delete(child))
      child.stdin?.on('error', () => undefined)
      return child
    },
    stop,
  }
}
