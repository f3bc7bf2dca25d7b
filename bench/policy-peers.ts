// The policy servers beside which ours is measured, each started with what it takes to do about the same.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../test/support/free-port.ts'
import { nextWords } from '../test/support/next-words.ts'
import { eventually } from '../test/support/serve.ts'

export type Policy = {
  readonly name: string
  /** A port, or a Unix socket. */
  readonly target: string
  /** As many as it answers in about a second. */
  readonly requests: number
  stop(): void
}

export async function floor(): Promise<Policy & { readonly pid: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'policy-floor.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return {
    name: 'bare Node',
    target: await nextWords(child),
    requests: 60_000,
    pid: child.pid ?? 0,
    stop: () => child.kill(),
  }
}

export async function postgrey(folder: string): Promise<Policy | undefined> {
  const port = await freePort()
  const program = provided('/usr/sbin/postgrey', 'postgrey')
  if (!program) return undefined
  const child = spawn(
    program,
    [`--inet=127.0.0.1:${port}`, `--dbdir=${folder}`, '--user=root', '--group=root', '--delay=300'],
    { stdio: 'ignore' },
  )
  return started({ name: 'postgrey', port, child, requests: 6000 })
}

export async function postfwd(folder: string): Promise<Policy | undefined> {
  const port = await freePort()
  const program = provided('/usr/sbin/postfwd', 'postfwd')
  if (!program) return undefined
  const rules = join(folder, 'postfwd.cf')
  writeFileSync(
    rules,
    'id=user; sasl_username=~/./; action=rate(sasl_username/100/3600/450 4.7.1 too many)\nid=client; action=rate(client_address/100/3600/450 4.7.1 too many)\n',
  )
  // It serves only as a daemon, which its own file of its process number ends.
  const pidFile = join(folder, 'postfwd.pid')
  const own = `--cache_port ${await freePort()} --pidfile ${pidFile} --no_parent_request_cache`
  const words = `-f ${rules} -i 127.0.0.1 -p ${port} -u root -g root ${own}`
  const child = spawn(program, words.split(' '), { stdio: 'ignore' })
  const policy = await started({ name: 'postfwd', port, child, requests: 6000 })
  return (
    policy && { ...policy, stop: () => void process.kill(Number(readFileSync(pidFile, 'utf8'))) }
  )
}

export async function rateLimit(folder: string): Promise<Policy | undefined> {
  const program = provided('/usr/bin/policyd-rate-limit', 'policyd-rate-limit')
  if (!program) return undefined
  const port = await freePort()
  const file = join(folder, 'rate-limit.yaml')
  writeFileSync(
    file,
    `debug: false
user: root
group: root
pidfile: ${folder}/rate-limit.pid
sqlite_config: { database: ${folder}/rate-limit.sqlite3 }
backend: 0
SOCKET: ["127.0.0.1", ${port}]
limits: [[60, 3600], [500, 86400]]
limit_by_sasl: true
limit_by_sender: false
limit_by_ip: true
limited_networks: ["0.0.0.0/0"]
success_action: dunno
fail_action: "defer_if_permit Rate limit reach, retry later"
db_error_action: dunno
report: false
`,
  )
  const child = spawn(program, ['-f', file], { stdio: 'ignore' })
  return started({ name: 'policyd-rate-limit', port, child, requests: 3000 })
}

async function started(given: {
  readonly name: string
  readonly port: number
  readonly child: ChildProcess
  readonly requests: number
}): Promise<Policy | undefined> {
  const { name, port, child, requests } = given
  const listens = () =>
    new Promise<true | undefined>(resolve => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => resolve(undefined))
      socket.on('connect', () => {
        socket.destroy()
        resolve(true)
      })
    })
  try {
    await eventually(listens)
  } catch {
    console.log(`    absent: ${name} does not start here`)
    child.kill()
    return undefined
  }
  return { name, target: String(port), requests, stop: () => void child.kill() }
}

/** Installed from Debian where it is missing; said where that is not possible. */
function provided(program: string, name: string): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Five minutes each: another program may hold the lock, or the network may be away.
  const apt = (...words: string[]) =>
    spawnSync('apt-get', words, { stdio: 'ignore', env, timeout: 300_000, killSignal: 'SIGTERM' })
  if (!existsSync(program)) {
    apt('update', '-qq')
    apt('install', '-y', '-qq', '--no-install-recommends', name)
  }
  if (existsSync(program)) return program
  console.log(`    absent: ${name} cannot be installed here`)
  return undefined
}
