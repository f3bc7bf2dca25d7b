// The list over the DNS beside Debian's rbldnsd with the same million entries, asked by dnsperf: answers for a second of processor time (a
// program that answers in one thread, on a machine with others), half of them for addresses that are listed. And what an entry costs.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/support/free-port.ts'
import { alone, type Row, sideBySide } from './pairs.ts'
import { cpuOf } from './processes.ts'

const ENTRIES = 1_000_000
const ASKED = 100_000
/** Of one load. */
const SECONDS = 4
/** Bytes of one entry with all that is kept of it, at most. */
const MOST_BYTES = 200
/** Of what rbldnsd answers in the same processor time, at least. */
const TARGET = 0.5

/** Spread over 10.0.0.0/8, each once. */
export function listedAddress(i: number): string {
  const n = (i * 7919) % 2 ** 24
  return `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
}

type Server = { readonly name: string; readonly port: number; readonly pid: number; stop(): void }

export async function benchList(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-list-'))
  const ours = await cordon()
  const peer = await rbldnsd(folder)
  try {
    const asked = questions(folder)
    const rate = (server: Server) => () => load(server, asked)
    const what = {
      name: 'the list, a million entries',
      unit: 'answers a second of processor time',
      peerName: peer.name,
      target: TARGET,
    }
    const row = await sideBySide(what, rate(ours), rate(peer))
    const cost = { unit: 'bytes', target: MOST_BYTES, better: 'less' } as const
    return [row, alone({ name: 'one entry of a million', ...cost }, [ours.bytes])]
  } finally {
    ours.stop()
    peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function cordon(): Promise<Server & { readonly bytes: number }> {
  const side = join(import.meta.dirname, 'list-side.ts')
  const words = ['--expose-gc', '--max-old-space-size=4096', side, String(ENTRIES)]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { port, bytes, seconds } = JSON.parse(line) as {
    port: number
    bytes: number
    seconds: number
  }
  console.log(`    ${ENTRIES.toLocaleString('en')} entries in ${seconds.toFixed(1)} s`)
  return { name: 'Cordon', port, bytes, pid: child.pid ?? 0, stop: () => void child.kill() }
}

async function rbldnsd(folder: string): Promise<Server> {
  const file = createWriteStream(join(folder, 'list'))
  file.write('$SOA 3600 ns1.isp.example postmaster.isp.example 5 3600 600 86400 60\n$TTL 60\n')
  for (let i = 0; i < ENTRIES; i++)
    if (!file.write(`${listedAddress(i)}/32 :4:listed\n`)) await once(file, 'drain')
  file.end()
  await once(file, 'finish')
  const port = await freePort()
  const zone = 'infected.dnsbl.isp.example:ip4trie:list'
  const args = ['-n', '-r', folder, '-b', `127.0.0.1/${port}`, zone]
  // It gives up root, and reads the list as a user of its own.
  chmodSync(folder, 0o755)
  const child = spawn('/usr/sbin/rbldnsd', args, { stdio: 'ignore' })
  const asked = ['@127.0.0.1', '-p', String(port), '+short', '+time=1', nameOf(0)]
  for (let i = 0; i < 60; i++) {
    if (spawnSync('/usr/bin/dig', asked).stdout.toString().startsWith('127.0.0.4')) break
    await sleep(500)
  }
  if (child.exitCode !== null || !existsSync(`/proc/${child.pid}`))
    throw new Error('rbldnsd did not start')
  return { name: 'rbldnsd', port, pid: child.pid ?? 0, stop: () => void child.kill() }
}

const nameOf = (i: number) =>
  `${listedAddress(i).split('.').toReversed().join('.')}.infected.dnsbl.isp.example`

function questions(folder: string): string {
  const file = join(folder, 'questions')
  const lines = Array.from(
    { length: ASKED },
    (_, i) => `${nameOf(i % 2 === 0 ? i : ENTRIES + i)} A\n`,
  )
  writeFileSync(file, lines.join(''))
  return file
}

/** Answers for a second of the server's processor time. */
async function load({ port, pid }: Server, file: string): Promise<number> {
  const before = cpuOf(pid)
  const args = ['-s', '127.0.0.1', '-p', String(port), '-d', file, '-l', String(SECONDS), '-c', '4']
  const child = spawn('/usr/bin/dnsperf', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  child.stdout.on('data', chunk => (said += String(chunk)))
  await once(child, 'close')
  const spent = (cpuOf(pid) - before) / 1000
  const answered = Number(/Queries completed:\s+(\d+)/.exec(said)?.[1] ?? 0)
  return spent === 0 ? 0 : answered / spent
}
