// From the event that decides to the packet that is refused: a real router in namespaces (nftables), the running program on it,
// and 200 lines that are isolated one after the other while 5,000 leases come and go. Only for root.

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

const LINES = 200
/** The fuse lets automation restrict one in a hundred an hour. */
const CUSTOMERS = 25_000

const addressOf = (line: number) => `198.18.1.${line + 1}`

const CONFIG = `
hostname: mail.isp.example
firewallLog: { port: 10040, antiSpoofed: true }
# Nothing answers there: the servers have no names, and nothing is waited for.
resolvers: ["127.0.0.1:1"]
radius: { address: 127.0.0.1, clients: [{ address: 127.0.0.1, secret: bench }] }
# More than for people: it knocks again and again.
nftables: [{ consumers: [198.18.0.0/15], expertRate: 1000000 }]
subscribers:
${Array.from({ length: CUSTOMERS }, (_, i) => `  - { id: kd${i} }`).join('\n')}
${Array.from({ length: LINES }, (_, i) => `  - { id: line${i}, plan: expert }`).join('\n')}
leases:
${Array.from({ length: LINES }, (_, i) => `  - { prefix: ${addressOf(i)}, subscriber: line${i} }`).join('\n')}
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
    const batch = Array.from({ length: LINES }, (_, i) => `addr add ${addressOf(i)}/32 dev uplink`)
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
      const waits: number[] = []
      for (let line = 0; line < LINES; line++)
        waits.push(await isolated(knock, tell, addressOf(line)))
      // That leases really come and go beside it.
      const { output } = await cordon(served.folder, 'subscriber', 'show', 'kd7')
      const one = await cordon(served.folder, 'who', '100.64.0.7')
      console.log(`    beside it: ${one.output.split('\n')[0]}; ${/leases.*/.exec(output)?.[0]}`)
      waits.sort((a, b) => a - b)
      const at = (share: number) => waits[Math.ceil(waits.length * share) - 1] ?? 0
      console.log(
        `    ${LINES} isolations: median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, longest ${at(1).toFixed(1)} ms`,
      )
      const what = { unit: 'ms', target: 100, better: 'less' } as const
      return [
        alone({ name: 'from the deciding event to the packet refused, p99', ...what }, [at(0.99)]),
      ]
    } finally {
      await served.stop()
    }
  } finally {
    for (const child of started) child.kill('SIGKILL')
    network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
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
