// Reading mail through the IMAP gateway, beside nginx's mail proxy and without any: Debian's Dovecot behind, TLS to the client in all three. What
// Cordon does more: it reads the commands, edits the capabilities, brakes guessing, and counts the logins of each customer.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { dovecot } from '../test/support/dovecot.ts'
import { nextWords } from '../test/support/next-words.ts'
import { run, serve } from '../test/support/serve.ts'
import { nginxMail } from './nginx-mail.ts'
import { type Row, sideBySide } from './pairs.ts'
import { cpuOf, memoryOf } from './processes.ts'

const CONNECTIONS = 4
/** Of one side of a pair: most of a second of the processor's, which counts in hundredths. */
const LOGINS = 400
const MIB = 200
/** Loads before it is measured: a proxy runs for weeks, and compiles its code in the first minutes. */
const WARM = 3
/** By the clock: Dovecot starts a process for each. */
const LOGINS_BY_CLOCK = 40
/** Sessions that wait; two files each. */
const IDLE = 10_000
/** KiB of one: two connections, one of them with TLS (bench connections). */
const MOST_EACH = 150
/** Files that a proxy has beside its sessions. */
const OTHER_FILES = 200

type Files = { readonly key: string; readonly chain: string }
type Mode = 'login' | 'fetch'
type Server = { readonly name: string; readonly port: number; readonly pid: number }

export async function benchAccess(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'))
  const files = { key: join(folder, 'key.pem'), chain: join(folder, 'chain.pem') }
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=mail.isp.example'
  spawnSync('openssl', [...request.split(' '), '-keyout', files.key, '-out', files.chain])
  try {
    return [...(await working(folder, files)), ...(await alone(folder, files))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function working(folder: string, files: Files): Promise<Row[]> {
  const store = await dovecot({ tls: { cert: files.chain, key: files.key } })
  const { cordon, peer, stop } = await proxies(folder, files, store.imapPort)
  const direct = { name: 'Dovecot', port: store.imapsPort, pid: 0 }
  const rate = (server: Server, mode: Mode, count: number) => async () =>
    count / (await load(server, mode, count))
  try {
    await filled(folder, store.imapPort)
    const fetched = { name: '1 MiB FETCH through Cordon', unit: 'MiB/s', peerName: 'directly' }
    const logins = { name: 'login, SELECT, LOGOUT through Cordon', unit: 'a second' }
    const loginsOf = (server: Server) => rate(server, 'login', LOGINS_BY_CLOCK)
    return [
      await sideBySide(
        { ...fetched, target: 0.8 },
        rate(cordon, 'fetch', MIB),
        rate(direct, 'fetch', MIB),
      ),
      await perProcessor({ cordon, peer }, 'fetch', MIB),
      // What a proxy adds is little beside Dovecot’s own process for each login.
      await sideBySide(
        { ...logins, peerName: 'nginx', target: 0.8 },
        loginsOf(cordon),
        loginsOf(peer),
      ),
      await sideBySide(
        { ...logins, peerName: 'directly', target: 0.6 },
        loginsOf(cordon),
        loginsOf(direct),
      ),
    ]
  } finally {
    await stop()
    await store.stop()
  }
}

/** What a second of the proxy’s processor is good for: at most 2 times nginx’s for a login, 1.5 times for bytes. */
async function perProcessor(
  { cordon, peer }: { readonly cordon: Server; readonly peer: Server },
  mode: Mode,
  count: number,
): Promise<Row> {
  const side = (server: Server) => async () => {
    const before = cpuOf(server.pid)
    await load(server, mode, count)
    return (count / (cpuOf(server.pid) - before)) * 1000
  }
  const [what, unit, most] =
    mode === 'fetch' ? ['1 MiB FETCH', 'MiB', 1.5] : ['login, SELECT, LOGOUT', 'logins', 2]
  const name = `${what}, for a second of the proxy’s processor`
  for (let i = 0; i < WARM; i++) for (const one of [cordon, peer]) await load(one, mode, count)
  return sideBySide({ name, unit, peerName: 'nginx', target: 1 / most }, side(cordon), side(peer))
}

async function proxies(folder: string, files: Files, backEnd: number) {
  const peer = await nginxMail(folder, backEnd, files)
  const cordon = await gateway(backEnd, files)
  const stop = async () => {
    await cordon.stop()
    peer.stop()
  }
  return { cordon: cordon.server, peer, stop }
}

/** Before a server that says yes to all: it would be the one that is measured. */
async function alone(folder: string, files: Files): Promise<Row[]> {
  const limits = await run('prlimit', ['--nofile', '--noheadings', '-o', 'SOFT'])
  const most = Number(limits.output.trim())
  const count = Math.min(IDLE, Math.floor((most - OTHER_FILES) / 2))
  if (count < IDLE)
    console.log(`    ${count} idle sessions, not ${IDLE}: a process has ${most} files here`)
  const backEnd = spawn(process.execPath, [join(import.meta.dirname, 'access-back-end.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = Number(await nextWords(backEnd))
  const { cordon, peer, stop } = await proxies(folder, files, port)
  try {
    const logins = await perProcessor({ cordon, peer }, 'login', LOGINS)
    const ours = await memoryEach(cordon, count)
    const theirs = await memoryEach(peer, count)
    const name = `memory of an idle session, ${count.toLocaleString('en')} of them`
    console.log(`  ${name}\n    ours ${Math.round(ours)} KiB, nginx ${Math.round(theirs)} KiB`)
    const row = { name, unit: 'KiB', ours, peer: null, peerName: 'none', ratio: null }
    return [logins, { ...row, target: MOST_EACH, met: ours <= MOST_EACH }]
  } finally {
    await stop()
    backEnd.kill()
  }
}

async function memoryEach(server: Server, count: number): Promise<number> {
  // What is loaded and compiled at the first sessions is not what a session costs.
  for (const few of [100, 100]) await crowd(server, few, async () => {})
  const before = memoryOf(server.pid)
  let grown = 0
  await crowd(server, count, async () => {
    grown = memoryOf(server.pid) - before
  })
  return (grown * 1024) / count
}

async function crowd(
  { port, pid }: Server,
  count: number,
  whenAll: () => Promise<void>,
): Promise<void> {
  const child = loader([port, 'idle', count, 8])
  const ended = once(child, 'exit')
  if ((await nextWords(child)).trim() !== 'ready') throw new Error('the crowd did not come')
  for (let before = -1; cpuOf(pid) - before > 50; ) {
    before = cpuOf(pid)
    await pause(1000)
  }
  await whenAll()
  child.stdin?.end()
  await ended
  await pause(1000)
}

async function gateway(backEnd: number, { key, chain }: Files) {
  const served = await serve(`
hostname: mail.isp.example
certificate: { key: ${key}, chain: ${chain} }
connections: { total: 20000, perAddress: 20000, perLine: 20000, perMinute: 10000000 }
imap: { listeners: [{ port: 0, tls: implicit }], backEnd: 'imap://127.0.0.1:${backEnd}', sendFolders: [Send] }
`)
  const port = Number(/^imaps on \S+ port (\d+)$/m.exec(served.said)?.[1])
  return { server: { name: 'Cordon', port, pid: served.pid }, stop: served.stop }
}

/** A message of 1 MiB for each of them. */
async function filled(folder: string, port: number): Promise<void> {
  const line = `${'x'.repeat(70)}\r\n`
  const file = join(folder, 'letter')
  const head = 'From: a@isp.example\r\nSubject: large\r\n\r\n'
  writeFileSync(
    file,
    (head + line.repeat(Math.ceil(2 ** 20 / line.length))).slice(0, 2 ** 20 - 2) + '\r\n',
  )
  for (let i = 0; i < CONNECTIONS; i++) {
    const to = `imap://127.0.0.1:${port}/INBOX`
    const words = ['-sS', '--user', `u${i}@isp.example:secret`, '-T', file, to]
    const { code, output } = await run('curl', words)
    if (code !== 0) throw new Error(output)
  }
}

/** Resolves with the seconds that it took. */
async function load({ port }: Server, mode: string, count: number): Promise<number> {
  const child = loader([port, mode, count, CONNECTIONS])
  let said = ''
  child.stdout?.on('data', chunk => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`the client ended with ${code}`)
  return Number(said)
}

const loader = (words: readonly (string | number)[]) =>
  spawn(process.execPath, [join(import.meta.dirname, 'access-load.ts'), ...words.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
