// Durable acceptance: 4 KiB messages from smtp-source, 20 connections at once, a new connection for each message, into
// Cordon's inbound door and into Debian's Postfix, in turn. Cordon parses, judges, fingerprints and syncs every message
// and answers after the sync; Postfix syncs every message too (its queue file). Both keep delivery out of the way:
// Cordon by holdDelivery, Postfix by defer_transports.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Row, sideBySide } from './pairs.ts'

const MESSAGES = 3000
const CONNECTIONS = 20
const SIZE = 4096
const OUR_PORT = 21_525
const PEER_PORT = 21_526

export async function benchAcceptance(): Promise<Row[]> {
  if (!existsSync('/usr/sbin/smtp-source')) {
    throw new Error(
      'Postfix is not installed; "npm test" as root installs it, or: apt-get install postfix',
    )
  }
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'))
  const cordon = await startCordon(folder)
  const postfix = await startPostfix(folder)
  try {
    const ours = () => load(OUR_PORT)
    const peer = () => load(PEER_PORT)
    const name = `durable acceptance, ${SIZE} bytes, ${CONNECTIONS} connections, one message each`
    return [
      await sideBySide(
        { name, unit: 'messages a second', peerName: 'postfix', target: 2 },
        ours,
        peer,
      ),
    ]
  } finally {
    cordon.kill('SIGKILL')
    postfix.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Messages a second, by the clock of whoever sends. */
async function load(port: number): Promise<number> {
  const began = performance.now()
  const args = [
    '-s',
    String(CONNECTIONS),
    '-m',
    String(MESSAGES),
    '-l',
    String(SIZE),
    '-f',
    'a@meadow.example',
    '-t',
    'sink@isp.example',
    `inet:127.0.0.1:${port}`,
  ]
  const source = spawn('/usr/sbin/smtp-source', args, { stdio: 'inherit' })
  const code = await new Promise<number | null>(resolve => source.on('exit', resolve))
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`)
  return (MESSAGES / (performance.now() - began)) * 1000
}

async function startCordon(folder: string): Promise<ChildProcess> {
  const config = join(folder, 'cordon.yaml')
  writeFileSync(
    config,
    `hostname: mail.isp.example
dataFolder: ${join(folder, 'data')}
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
listeners: [{ kind: inbound, port: ${OUR_PORT} }]
http: { console: { port: 0 }, portal: { port: 0 } }
connections: { total: 1000, perAddress: 1000 }
`,
  )
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, '../src/cli/cordon.ts'), 'serve', '--config', config],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  for await (const chunk of server.stdout ?? []) if (String(chunk).includes('ready')) break
  return server
}

/** A Postfix of its own: own queue, own port, default settings otherwise. */
async function startPostfix(folder: string): Promise<{ stop(): void }> {
  const etc = join(folder, 'postfix')
  const queue = join(folder, 'postfix-queue')
  const data = join(folder, 'postfix-data')
  for (const path of [etc, queue, data]) mkdirSync(path)
  spawnSync('chown', ['postfix', data])
  spawnSync('chmod', ['755', folder])
  writeFileSync(
    join(etc, 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${queue}
data_directory = ${data}
myhostname = mail.isp.example
mydestination = isp.example
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
defer_transports = local
smtpd_client_connection_count_limit = 0
`,
  )
  const services = [
    `127.0.0.1:${PEER_PORT} inet n - n - 100 smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'local unix - n n - - local',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'anvil unix - - n - 1 anvil',
  ]
  writeFileSync(join(etc, 'master.cf'), `${services.join('\n')}\n`)
  const started = spawnSync('/usr/sbin/postfix', ['-c', etc, 'start'], {
    stdio: 'ignore',
    timeout: 20_000,
  })
  if (started.status !== 0)
    throw new Error('postfix does not start; say "postfix check" to see why')
  await pause(1000)
  return {
    stop: () =>
      void spawnSync('/usr/sbin/postfix', ['-c', etc, 'stop'], {
        stdio: 'ignore',
        timeout: 20_000,
      }),
  }
}
