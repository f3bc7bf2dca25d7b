// The work whose processor time is compared with another commit's: mail that is taken, policy that is asked, steps that are judged,
// messages that are read.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../test/support/free-port.ts'
import { serve, type Served } from '../test/support/serve.ts'
import { compareCpu, type Other, type Running } from './cpu.ts'
import type { Row } from './pairs.ts'
import { policyConfig, load as askPolicy } from './policy.ts'
import { cpuOf } from './processes.ts'
import { send } from './smtp.ts'

/** In a slice. */
const MESSAGES = 200
const REQUESTS = 12_000
/** Nothing here takes a tenth of it, unless it hangs. */
const PATIENCE = 60_000

export const benchSmtpCpu = async (other: Other): Promise<Row[]> => [
  await compareCpu(
    {
      name: 'CPU of a message, 4 KiB, a connection each',
      unit: 'µs a message',
      slices: 5,
      start: tree => started(tree, SMTP, takeMail),
    },
    other,
  ),
]

export const benchPolicyCpu = async (other: Other): Promise<Row[]> => [
  await compareCpu(
    {
      name: 'CPU of a policy decision, 16 connections',
      unit: 'µs a decision',
      // Each starts a client.
      slices: 3,
      start: async tree => {
        const port = await freePort()
        let first = 0
        return started(tree, policyConfig(port), async () => {
          first += REQUESTS
          const server = { name: tree, target: String(port), requests: REQUESTS }
          await askPolicy(server, { connections: 16, first, triplets: 10_000 })
          return REQUESTS
        })
      },
    },
    other,
  ),
]

export const benchJudgeCpu = async (other: Other): Promise<Row[]> => [
  await compareCpu(
    {
      name: 'CPU of engine.judge at RCPT',
      unit: 'µs a step',
      slices: 6,
      start: tree => aside('judge-side.ts', [tree], 'judge'),
    },
    other,
  ),
]

/** An ordinary one, and as much as is read of any. */
export const benchReadingCpu = async (other: Other): Promise<Row[]> => {
  const rows: Row[] = []
  for (const [size, name] of [
    [4096, '4 KiB'],
    [1_000_000, '1 MB'],
  ] as const)
    rows.push(
      await compareCpu(
        {
          name: `CPU of reading a message, ${name}`,
          unit: 'µs a message',
          slices: 3,
          start: tree => aside('reading-side.ts', [tree, String(size)], 'read'),
        },
        other,
      ),
    )
  return rows
}

const SMTP = `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
listeners: [{ kind: inbound, port: 0 }]
connections: { total: 1000, perAddress: 1000, perMinute: 10000000 }
`

async function takeMail({ ports: [port = 0] }: Served): Promise<number> {
  const to = 'sink@isp.example'
  await send(port, { messages: MESSAGES, size: 4096, reused: false, to })
  return MESSAGES
}

/** The program of a tree with this configuration, doing this work. */
export async function started(
  tree: string,
  config: string,
  work: (served: Served) => Promise<number>,
): Promise<Running> {
  const served = await inTime('starting', serve(config, undefined, { tree }))
  return {
    work: () => inTime('the load', work(served)),
    used: async () => cpuOf(served.pid) * 1000,
    stop: () => inTime('stopping', served.stop()),
  }
}

/** A program of ours that loads a part of the other tree that has no door, and does `what` with it. */
async function aside(file: string, args: readonly string[], what: string): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.on('error', () => undefined)
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}`)
  })
  gone.catch(() => undefined)
  const answer = () =>
    Promise.race([once(child.stdout, 'data').then(([chunk]) => String(chunk).trim()), gone])
  await inTime('starting', answer())
  const ask = async (words: string) => {
    const said = answer()
    child.stdin.write(`${words}\n`)
    return Number(await inTime(what, said))
  }
  return {
    work: () => ask(what),
    used: () => ask('used'),
    stop: async () => {
      const ended = once(child, 'exit')
      child.stdin.end()
      await inTime('stopping', ended)
    },
  }
}

async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  const clock = new AbortController()
  const late = pause(PATIENCE, undefined, { signal: clock.signal }).then(() => {
    throw new Error(`${what} took more than ${PATIENCE / 1000} s`)
  })
  late.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    clock.abort()
  }
}
