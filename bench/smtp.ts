// Taking mail and passing it on, beside Postfix and OpenSMTPD, with Postfix's smtp-source and smtp-sink at the ends. What
// Cordon does more: it attributes, judges and weighs every message, and keeps a journal. All of them answer after the sync.

import { spawn } from 'node:child_process'
import { freePort } from '../test/support/free-port.ts'
import { opensmtpd } from '../test/support/opensmtpd.ts'
import { postfix } from '../test/support/postfix.ts'
import { serve } from '../test/support/serve.ts'
import { type Row, sideBySide } from './pairs.ts'
import { cpuOf, memoryOf } from './processes.ts'

const CONNECTIONS = 20

type Load = {
  readonly messages: number
  readonly size: number
  /** One connection for many messages, or one for each. */
  readonly reused: boolean
  readonly to: string
}
/** The server that is loaded: where it listens, and its first process. */
export type Server = { readonly name: string; readonly port: number; readonly pid: number }

export async function benchTaking(): Promise<Row[]> {
  return [
    ...(await acceptance(TAKING)),
    ...(await acceptance(TAKING_IN_THREADS, 2)),
    ...(await relaying(4096)),
    ...(await relaying(65_536)),
  ]
}

/** Messages a second, by the clock of the sender. */
export async function send(port: number, load: Load): Promise<void> {
  const words = `-s ${CONNECTIONS} -m ${load.messages} -l ${load.size} -f anna@isp.example -t ${load.to}`
  const args = [...(load.reused ? ['-d'] : []), ...words.split(' '), `inet:127.0.0.1:${port}`]
  const source = spawn('/usr/sbin/smtp-source', args, { stdio: 'inherit' })
  const code = await new Promise<number | null>(resolve => source.on('exit', resolve))
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`)
}

/** Runs a load and adds up what it costs the server. */
export function metered(server: Server, messages: number, run: () => Promise<void>) {
  let cpu = 0
  let count = 0
  return {
    side: async () => {
      const [before, began] = [cpuOf(server.pid), performance.now()]
      await run()
      cpu += cpuOf(server.pid) - before
      count += messages
      return (messages / (performance.now() - began)) * 1000
    },
    said: () =>
      `${server.name}: ${Math.round((cpu / count) * 1000)} ms of CPU for 1,000 messages, ${Math.round(memoryOf(server.pid))} MiB`,
  }
}

type Compared = {
  readonly name: string
  readonly target: number
  readonly messages: number
  readonly ours: Server
  readonly peer: Server
  /** Loads one of the two, and resolves when that is done. */
  readonly run: (server: Server) => Promise<void>
}

export async function compare({ name, target, messages, ours, peer, run }: Compared): Promise<Row> {
  const [a, b] = [ours, peer].map(server => metered(server, messages, () => run(server)))
  if (!a || !b) throw new Error('two sides are needed')
  const what = { name, unit: 'messages a second', peerName: peer.name, target }
  const row = await sideBySide(what, a.side, b.side)
  console.log(`    ${a.said()}; ${b.said()}`)
  return row
}

type Wanted = {
  readonly peer: 'Postfix' | 'OpenSMTPD'
  readonly load: Omit<Load, 'to'>
  readonly target: number
}

const SMALL = { messages: 2000, size: 4096, reused: false }
const TAKING: readonly Wanted[] = [
  { peer: 'Postfix', load: SMALL, target: 4 },
  { peer: 'Postfix', load: { ...SMALL, reused: true }, target: 8 },
  { peer: 'Postfix', load: { messages: 500, size: 65_536, reused: false }, target: 5 },
  { peer: 'OpenSMTPD', load: { ...SMALL, messages: 40 }, target: 4 },
]

const TAKING_IN_THREADS: readonly Wanted[] = [
  { peer: 'Postfix', load: SMALL, target: 4 },
  { peer: 'Postfix', load: { ...SMALL, reused: true }, target: 8 },
]

/** The one figure the house was built to; `smtp` has the same and more. */
export const benchAcceptance = (): Promise<Row[]> =>
  acceptance([{ peer: 'Postfix', load: { ...SMALL, messages: 3000 }, target: 2 }])

async function acceptance(wanted: readonly Wanted[], doorThreads = 0): Promise<Row[]> {
  const cordon = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
doorThreads: ${doorThreads}
listeners: [{ kind: inbound, port: 0 }]
connections: { total: 1000, perAddress: 1000, perMinute: 10000000 }
`)
  const ours = { name: 'Cordon', port: cordon.ports[0] ?? 0, pid: cordon.pid }
  const rows: Row[] = []
  try {
    for (const { peer: name, load, target } of wanted) {
      const peer =
        name === 'Postfix'
          ? await postfix({ relayPort: 9, more: 'defer_transports = virtual, smtp' })
          : await opensmtpd({ relayPort: 9 })
      const kind = load.reused ? 'reused connections' : 'a connection each'
      const threads = doorThreads === 0 ? '' : `, ${doorThreads} door threads`
      try {
        const row = await compare({
          name: `durable acceptance, ${load.size / 1024} KiB, ${CONNECTIONS} connections, ${kind}${threads}`,
          target,
          messages: load.messages,
          ours,
          peer,
          run: server => {
            const to = server === ours ? 'sink@isp.example' : `inbox@${peer.domain}`
            return send(server.port, { ...load, to })
          },
        })
        rows.push(row)
      } finally {
        await peer.stop()
      }
    }
  } finally {
    await cordon.stop()
  }
  return rows
}

/** From the first byte in to the last message out, counted by who receives it. */
async function relaying(size: number): Promise<Row[]> {
  const sinkPort = await freePort()
  const sink = spawn('/usr/sbin/smtp-sink', ['-u', 'root', '-c', `127.0.0.1:${sinkPort}`, '500'])
  let arrived = 0
  sink.stdout.on('data', chunk => {
    const counts = [...String(chunk).matchAll(/mesg=(\d+)/g)]
    arrived = Math.max(arrived, ...counts.map(match => Number(match[1])))
  })
  const cordon = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: trusted-network, port: 0 }]
connections: { total: 1000, perAddress: 1000, perMinute: 10000000 }
routes: { "*": { host: 127.0.0.1, port: ${sinkPort} } }
scanner: none
rules: { limits: "off" }
budgets: { wrongIsolations: 1e-300, holds: 1e-300 }
subscribers: [{ id: "1", plan: business, logins: [{ name: anna@isp.example }] }]
leases: [{ prefix: 127.0.0.1, subscriber: "1" }]
`)
  const peer = await postfix({ relayPort: sinkPort })
  const messages = size > 4096 ? 300 : 1000
  try {
    return [
      await compare({
        name: `relaying from end to end, ${size / 1024} KiB, a connection each`,
        target: 1,
        messages,
        ours: { name: 'Cordon', port: cordon.ports[0] ?? 0, pid: cordon.pid },
        peer,
        run: async server => {
          const before = arrived
          const to = 'friend@elsewhere.example'
          await send(server.port, { messages, size, reused: false, to })
          await until(() => arrived - before >= messages)
        },
      }),
    ]
  } finally {
    await cordon.stop()
    await peer.stop()
    sink.kill()
  }
}

async function until(reached: () => boolean): Promise<void> {
  for (;;) {
    if (reached()) return
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
