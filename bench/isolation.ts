// From the event that decides to the packet that is refused: a real router in namespaces (nftables), the running program on it,
// and 120 lines that are isolated one after the other while 5,000 leases come and go; and 120 more while a hundred leases a second of lines that
// stand in the router's sets change hands, so that nft is busy, too. Only for root.

import { type ChildProcess, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { baseTable } from '../src/drivers/network/nftables/base-table.ts'
import { parseConfig } from '../src/config/load.ts'
import { inside, listenThere, startNetwork } from '../test/support/namespaces.ts'
import { nextWords } from '../test/support/next-words.ts'
import { cordon, serve } from '../test/support/serve.ts'
import { alone, type Row } from './pairs.ts'

const LINES = 120
const ALL = 2 * LINES
/** The fuse lets automation restrict one in a hundred an hour. */
const CUSTOMERS = 25_000
/** Whose addresses move (isolation-load.ts). */
const MOVERS = 50

const addressOf = (line: number) => `198.18.${1 + Math.floor(line / LINES)}.${(line % LINES) + 1}`

const CONFIG = `
hostname: mail.isp.example
firewallLog: { port: 10040, antiSpoofed: true }
# Nothing answers there: the servers have no names, and nothing is waited for.
resolvers: ["127.0.0.1:1"]
radius: { address: 127.0.0.1, clients: [{ address: 127.0.0.1, secret: bench }] }
# Not the lines that are isolated: their port 25 is open before.
nftables: [{ consumers: [100.64.0.0/10, 198.19.0.0/16] }]
subscribers:
${Array.from({ length: CUSTOMERS }, (_, i) => `  - { id: kd${i} }`).join('\n')}
${Array.from({ length: ALL }, (_, i) => `  - { id: line${i} }`).join('\n')}
${Array.from({ length: MOVERS }, (_, i) => `  - { id: mover${i}, plan: expert }`).join('\n')}
leases:
${Array.from({ length: ALL }, (_, i) => `  - { prefix: ${addressOf(i)}, subscriber: line${i} }`).join('\n')}
`

export async function benchIsolation(): Promise<Row[]> {
  if (process.getuid?.() !== 0) throw new Error('only root can make network namespaces')
  const folder = mkdtempSync(join(tmpdir(), 'cordon-isolation-'))
  const network = startNetwork(1)
  const { router, outside, homes } = network
  const [home] = homes
  if (!home) throw new Error('there is no home')
  const started: ChildProcess[] = []
  const script = join(import.meta.dirname, 'isolation-load.ts')
  const part = (where: typeof home, what: string) => {
    const child = inside(where, process.execPath, script, what)
    started.push(child)
    return child
  }
  try {
    const batch = Array.from({ length: ALL }, (_, i) => `addr add ${addressOf(i)}/32 dev uplink`)
    const [program = '', ...args] = home.inside
    spawnSync(program, [...args, 'ip', '-batch', '-'], { input: batch.join('\n') })
    network.run(router, 'ip', 'route', 'add', '198.18.0.0/15', 'via', home.v4)
    network.run(outside, 'ip', 'route', 'replace', '198.18.0.0/15', 'via', router.v4)
    const [table] = parseConfig(CONFIG).nftables
    const file = join(folder, 'base.nft')
    if (table) writeFileSync(file, baseTable(table))
    network.run(router, 'nft', '-f', file)
    started.push(await listenThere(outside, [25]))
    const served = await serve(CONFIG, undefined, { under: () => router.inside })
    try {
      const [knock, tell] = [part(home, 'knock'), part(router, 'tell')]
      part(router, 'churn')
      await new Promise(resolve => setTimeout(resolve, 2000))
      const rows: Row[] = []
      for (const [i, beside] of ['5,000 that come and go', '100 a second that move'].entries()) {
        if (i === 1) part(router, 'move')
        const waits: number[] = []
        for (let line = i * LINES; line < (i + 1) * LINES; line++)
          waits.push(await isolated(knock, tell, addressOf(line)))
        rows.push(percentile(waits, beside))
      }
      // That leases really come and go beside it, and move.
      const { output } = await cordon(served.folder, 'subscriber', 'show', 'kd7')
      const [one, other] = [
        await cordon(served.folder, 'who', '100.64.0.7'),
        await cordon(served.folder, 'who', '198.19.0.7'),
      ]
      const first = (words: string) => words.split('\n')[0]
      console.log(
        `    beside it: ${first(one.output)}; ${/leases.*/.exec(output)?.[0]}; moving: ${first(other.output)}`,
      )
      return rows
    } finally {
      await served.stop()
    }
  } finally {
    for (const child of started) child.kill('SIGKILL')
    network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function percentile(waits: readonly number[], beside: string): Row {
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0
  const said = [
    ['median', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
    ['longest', 1],
  ] as const
  console.log(
    `    ${waits.length} isolations: ${said.map(([name, share]) => `${name} ${at(share).toFixed(1)} ms`).join(', ')}`,
  )
  const name = `from the deciding event to the packet refused, p99, leases: ${beside}`
  return alone({ name, unit: 'ms', target: 100, better: 'less' }, [at(0.99)])
}

/** Milliseconds from the thirtieth line of the log to the first connection that is refused. */
async function isolated(knock: ChildProcess, tell: ChildProcess, address: string): Promise<number> {
  const refusedAt = nextWords(knock)
  knock.stdin?.write(`${address}\n`)
  // It knocks, and gets in.
  await new Promise(resolve => setTimeout(resolve, 20))
  const toldAt = nextWords(tell)
  tell.stdin?.write(`${address}\n`)
  return Number(await refusedAt) - Number(await toldAt)
}
