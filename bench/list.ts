// The list over the DNS beside Debian's rbldnsd and the least server written in Node, with the same million entries, asked by dnsperf: answers
// for a second of processor time (a program that answers in one thread, on a machine with others), half of them for addresses that are
// listed. And what an entry costs.

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
/** Of what each of the others answers in the same processor time, at least. */
const TARGET = { rbldnsd: 0.5, 'a bare Node server': 0.9 }

/** Spread over 10.0.0.0/8, each once. */
export function listedAddress(i: number): string {
  const n = (i * 7919) % 2 ** 24
  return `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
}

type Peer = keyof typeof TARGET
/** Bytes of one entry, and for how long it loaded: of ours. */
type Said = { readonly port: number; readonly bytes?: number; readonly seconds?: number }
type Server = { readonly port: number; readonly pid: number; stop(): void }

export async function benchList(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-list-'))
  const ours = await cordon()
  const peers = { rbldnsd: await rbldnsd(folder), 'a bare Node server': await bareNode() }
  try {
    const asked = questions(folder)
    const rate = (server: Server) => () => load(server, asked)
    const rows: Row[] = []
    for (const peerName of Object.keys(peers) as Peer[]) {
      const what = {
        name: 'the list, a million entries',
        unit: 'answers a second of processor time',
        peerName,
        target: TARGET[peerName],
      }
      rows.push(await sideBySide(what, rate(ours), rate(peers[peerName])))
    }
    const cost = { unit: 'bytes', target: MOST_BYTES, better: 'less' } as const
    return [...rows, alone({ name: 'one entry of a million', ...cost }, [ours.bytes])]
  } finally {
    ours.stop()
    for (const peer of Object.values(peers)) peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function cordon(): Promise<Server & { readonly bytes: number }> {
  const { said, ...server } = await nodeServer('list-side.ts')
  console.log(`    ${ENTRIES.toLocaleString('en')} entries in ${said.seconds?.toFixed(1)} s`)
  return { ...server, bytes: said.bytes ?? Infinity }
}

const bareNode = (): Promise<Server> => nodeServer('list-floor.ts')

/** A program of this folder with the million entries, which prints its port and what else it has to say in one line of JSON. */
async function nodeServer(file: string): Promise<Server & { readonly said: Said }> {
  const side = join(import.meta.dirname, file)
  const words = ['--expose-gc', '--max-old-space-size=4096', side, String(ENTRIES)]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const said = JSON.parse(line) as Said
  return { said, port: said.port, pid: child.pid ?? 0, stop: () => void child.kill() }
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
  return { port, pid: child.pid ?? 0, stop: () => void child.kill() }
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
