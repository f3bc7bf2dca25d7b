// Submission with TLS and a password, beside the library smtp-server, which throws away what Cordon judges and syncs to
// disk. One process each; Cordon with its doors in the engine's thread, and in one and two threads of their own.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword } from '../src/drivers/credentials/password-hash.ts'
import { serve } from '../test/support/serve.ts'
import type { Row } from './pairs.ts'
import { compare, type Server } from './smtp.ts'
import { nextWords } from '../test/support/next-words.ts'

const MESSAGES = 2000
const CONNECTIONS = 20
const SIZE = 4096

export async function benchSubmission(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'))
  const [key, chain] = [join(folder, 'key.pem'), join(folder, 'chain.pem')]
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=mail.isp.example'
  spawnSync('openssl', [...request.split(' '), '-keyout', key, '-out', chain])
  const peer = await library(key, chain)
  const rows: Row[] = []
  try {
    for (const doorThreads of [0, 1, 2]) {
      const cordon = await serve(await config(doorThreads, { key, chain }))
      try {
        let own = 0
        // An ordinary customer has written to this friend before; a stranger's first hundred are evidence.
        await load(cordon.ports[0] ?? 0, 1, 1)
        const row = await compare({
          name: `submission with TLS and password, ${SIZE / 1024} KiB, ${CONNECTIONS} reused connections, ${doorThreads} door threads`,
          // The target counts door threads; on two cores the client has one of them.
          target: 1,
          messages: MESSAGES,
          ours: { name: 'Cordon', port: cordon.ports[0] ?? 0, pid: cordon.pid },
          peer: peer.server,
          run: async server => {
            own += await load(server.port)
          },
        })
        console.log(`    the client: ${Math.round(own / 12)} ms of CPU for ${MESSAGES} messages`)
        rows.push(row)
      } finally {
        await cordon.stop()
      }
    }
  } finally {
    peer.stop()
    rmSync(folder, { recursive: true })
  }
  return rows
}

async function config(doorThreads: number, files: { key: string; chain: string }) {
  const hash = await hashPassword('a password', { memory: 8, passes: 1 })
  return `
hostname: mail.isp.example
domains: [isp.example]
holdDelivery: true
doorThreads: ${doorThreads}
certificate: { key: ${files.key}, chain: ${files.chain} }
listeners: [{ kind: submission, port: 0 }]
connections: { total: 1000, perAddress: 1000, perMinute: 10000000 }
scanner: none
rules: { limits: "off" }
budgets: { wrongIsolations: 1e-300, holds: 1e-300 }
subscribers: [{ id: "1", plan: business, logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }]
leases: [{ prefix: 127.0.0.1, subscriber: "1" }]
`
}

async function library(key: string, chain: string): Promise<{ server: Server; stop(): void }> {
  const program = join(import.meta.dirname, 'smtp-server-peer.ts')
  const child = spawn(process.execPath, [program, key, chain], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const server = { name: 'smtp-server', port: Number(await nextWords(child)), pid: child.pid ?? 0 }
  return { server, stop: () => void child.kill() }
}

/** Resolves with the client's own processor time, in ms. */
async function load(port: number, messages = MESSAGES, connections = CONNECTIONS): Promise<number> {
  const program = join(import.meta.dirname, 'submit-load.ts')
  const numbers = [port, messages, connections, SIZE].map(String)
  const child = spawn(process.execPath, [program, ...numbers], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', chunk => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`the client ended with ${code}`)
  return Number(said)
}
