// A small network in namespaces of its own: homes behind a router, and a world outside it. Addresses are those of documentation
// (RFC 5737, RFC 3849), and nothing leaves the namespaces. Only for root.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { nextWords } from './next-words.ts'

export type Host = {
  readonly name: string
  readonly v4: string
  readonly v6: string
  /** Program and arguments that run another program there. */
  readonly inside: readonly string[]
}

export type Network = {
  readonly router: Host
  readonly outside: Host
  readonly homes: readonly Host[]
  /** Runs a program to its end in a host. */
  run(host: Host, program: string, ...args: readonly string[]): string
  stop(): void
}

/** What is leased to a home: its IPv4 address and its IPv6 prefix. */
export const leasesOf = (home: number) =>
  [`198.51.100.${home * 4 + 2}/32`, `2001:db8:1${hex(home)}::/56`] as const

const hex = (n: number) => n.toString(16).padStart(2, '0')

export function startNetwork(homes: number): Network {
  const mark = `c${process.pid % 10_000}`
  const named = (name: string, v4: string, v6: string): Host => {
    const space = `${mark}-${name}`
    return { name: space, v4, v6, inside: ['ip', 'netns', 'exec', space] }
  }
  const router = named('router', '203.0.113.1', '2001:db8:f::1')
  const outside = named('outside', '203.0.113.200', '2001:db8:f::200')
  const all = Array.from({ length: homes }, (_, i) =>
    named(`home${i}`, `198.51.100.${i * 4 + 2}`, `2001:db8:1${hex(i)}::2`),
  )
  const run = (program: string, ...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const runIn = (host: Host, program: string, ...args: readonly string[]) => {
    const [first = '', ...rest] = [...host.inside, program, ...args]
    return run(first, ...rest)
  }
  const stop = () => {
    for (const { name } of [router, outside, ...all]) spawnSync('ip', ['netns', 'del', name])
  }
  const join = (host: Host, link: string, { v4, v6 }: { v4: string; v6: string }) => {
    runIn(host, 'ip', 'addr', 'add', v4, 'dev', link)
    runIn(host, 'ip', 'addr', 'add', v6, 'dev', link, 'nodad')
    runIn(host, 'ip', 'link', 'set', link, 'up')
  }
  try {
    for (const host of [router, outside, ...all]) {
      run('ip', 'netns', 'add', host.name)
      runIn(host, 'ip', 'link', 'set', 'lo', 'up')
    }
    for (const [i, host] of [outside, ...all].entries()) {
      const link = `link${i}`
      run(
        'ip',
        'link',
        'add',
        link,
        'netns',
        router.name,
        'type',
        'veth',
        'peer',
        'name',
        'uplink',
        'netns',
        host.name,
      )
      const near =
        i === 0
          ? { v4: '203.0.113.1/24', v6: '2001:db8:f::1/64' }
          : { v4: `198.51.100.${i * 4 - 3}/30`, v6: `2001:db8:1${hex(i - 1)}::1/64` }
      join(router, link, near)
      join(
        host,
        'uplink',
        i === 0
          ? { v4: `${host.v4}/24`, v6: `${host.v6}/64` }
          : { v4: `${host.v4}/30`, v6: `${host.v6}/64` },
      )
      runIn(host, 'ip', 'route', 'add', 'default', 'via', withoutLength(near.v4))
      runIn(host, 'ip', '-6', 'route', 'add', 'default', 'via', withoutLength(near.v6))
    }
    runIn(router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1')
  } catch (error) {
    stop()
    throw error
  }
  return { router, outside, homes: all, run: runIn, stop }
}

const withoutLength = (text: string) => text.slice(0, text.indexOf('/'))

/** Listens on these ports there and says its port to whoever comes. */
export async function listenThere(host: Host, ports: readonly number[]): Promise<ChildProcess> {
  const code = `
    const net = require('node:net'); let left = ${ports.length}
    for (const port of ${JSON.stringify(ports)})
      net.createServer(s => { s.on('error', () => s.destroy()); s.write(port + '\\n'); s.resume() })
        .listen(port, '::', () => --left === 0 && console.log('ready'))`
  const child = inside(host, process.execPath, '-e', code)
  await nextWords(child)
  return child
}

/** Somebody in a host who connects where they are told, and says what came of it: who answered, or the error. */
export type Caller = {
  call(address: string, port: number, keep?: boolean): Promise<string>
  /** What became of the connection that was kept. */
  ended(): Promise<string>
  /** Calls again and again until the answer changes (a session that is cut on the way is no answer); returns how long that took, and what it is now (ms). */
  until(address: string, port: number): Promise<{ readonly at: number; readonly answer: string }>
  stop(): void
}

export function callerIn(host: Host): Caller {
  const code = `
    const net = require('node:net')
    const one = (address, port, keep) => new Promise(done => {
      const s = net.connect(port, address); let said
      const say = word => { if (said === undefined) { said = word; done(word); if (!keep) s.destroy() } }
      s.setTimeout(20000, () => { say('silence'); s.destroy() })
      s.on('data', d => say(String(d).trim())).on('error', e => { say(e.code); if (keep) kept(e.code) })
      s.on('close', () => { say('closed'); if (keep) kept('closed') })
      if (keep) { s.setTimeout(0); beat = setInterval(() => s.write('x'), 20); s.on('close', () => clearInterval(beat)) }
    })
    let kept, over = new Promise(r => kept = r), beat
    require('node:readline').createInterface({ input: process.stdin }).on('line', async line => {
      const { n, op, address, port, keep } = JSON.parse(line)
      let answer
      if (op === 'call') answer = await one(address, port, keep)
      if (op === 'ended') answer = await over
      if (op === 'until') {
        const before = await one(address, port)
        do answer = await one(address, port)
        while (answer === before || answer === 'ECONNRESET' || answer === 'closed')
        answer = { at: Date.now(), answer }
      }
      console.log(JSON.stringify({ n, answer }))
    })`
  const child = inside(host, process.execPath, '-e', code)
  const waiting = new Map<number, (answer: unknown) => void>()
  let n = 0
  if (!child.stdout || !child.stdin) throw new Error('it has no input or output')
  const { stdin } = child
  createInterface({ input: child.stdout }).on('line', line => {
    const told = JSON.parse(line) as { n: number; answer: unknown }
    waiting.get(told.n)?.(told.answer)
    waiting.delete(told.n)
  })
  const ask = <T>(question: object): Promise<T> =>
    new Promise(resolve => {
      n++
      waiting.set(n, resolve as (answer: unknown) => void)
      stdin.write(`${JSON.stringify({ n, ...question })}\n`)
    })
  return {
    call: (address, port, keep = false) => ask({ op: 'call', address, port, keep }),
    ended: () => ask({ op: 'ended' }),
    until: (address, port) => ask({ op: 'until', address, port }),
    stop: () => void child.kill('SIGKILL'),
  }
}

/** Starts a program there; its output is not ours. */
export function inside(host: Host, program: string, ...args: readonly string[]): ChildProcess {
  const [first = '', ...rest] = [...host.inside, program, ...args]
  return spawn(first, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
}
