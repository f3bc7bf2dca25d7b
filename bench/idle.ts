// What a connection costs in memory: one that is idle after the greeting, and one that sends commands and never reads a reply. The
// server's own memory, not the kernel's, which has its bound for all connections together (tcp_mem, tcp(7)).

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { serve } from '../test/support/serve.ts'
import { alone, type Row } from './pairs.ts'
import { cpuOf, memoryOf } from './processes.ts'
import { nextWords } from '../test/support/next-words.ts'

const KIB = 1024

const CROWDS = [
  { kind: 'plain', name: 'idle after the greeting', count: 10_000, target: 20 },
  { kind: 'tls', name: 'idle in TLS', count: 2000, target: 80 },
  // Fewer: the kernel keeps more of each than we do, and other programs share it.
  { kind: 'unread', name: 'commands sent, no reply read', count: 2500, target: 200 },
] as const

export async function benchConnections(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { kind, name, count, target } of CROWDS) {
    const each = await costOf(kind, count)
    const what = `memory of a connection, ${name}, ${count.toLocaleString('en')} of them`
    rows.push(alone({ name: what, unit: 'KiB', target, better: 'less' }, [each]))
    console.log(`    10,000 of them: ${Math.round((each * 10_000) / KIB).toLocaleString('en')} MiB`)
  }
  return rows
}

/** KiB for each of so many. */
async function costOf(kind: string, count: number): Promise<number> {
  const cordon = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
connections: { total: 20000, perAddress: 20000, perMinute: 100000 }
`)
  try {
    // What is loaded and compiled at the first connections is not what a connection costs.
    const first = await crowd(cordon.ports[0] ?? 0, 100, kind)
    await calm(cordon.pid)
    await gone(first)
    await calm(cordon.pid)
    const before = memoryOf(cordon.pid)
    const standing = await crowd(cordon.ports[0] ?? 0, count, kind)
    await calm(cordon.pid)
    const grown = memoryOf(cordon.pid) - before
    await gone(standing)
    return (grown * KIB) / count
  } finally {
    await cordon.stop()
  }
}

/** Resolves when all of them stand. */
async function crowd(port: number, count: number, kind: string): Promise<ChildProcess> {
  const program = join(import.meta.dirname, '../test/support/crowd.py')
  const child = spawn('python3', [program, String(port), String(count), kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await nextWords(child)
  return child
}

async function gone(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.stdin?.end()
  await ended
}

/** Until a second in which the server had nothing to do. */
async function calm(pid: number): Promise<void> {
  for (let before = -1; cpuOf(pid) - before > 50; ) {
    before = cpuOf(pid)
    await pause(1000)
  }
}
