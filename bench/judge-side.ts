// The engine of another tree, as `startCordon` puts it together, judging one step after the other: a process of its own, whose processor
// time is the figure. Usage: judge-side.ts TREE. Says "ready"; asked to "judge" it judges and says how many steps, asked what it "used" it
// says its microseconds so far.
// Of the other tree it knows no more than `parseConfig`, `startCordon` and what the engine is asked.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import type { Config } from '../src/config/schema.ts'
import type { Step } from '../src/model/step.ts'

const CUSTOMERS = 5000
/** In a slice. */
const STEPS = 15_000

type Started = {
  readonly engine: { judge(step: Step): Promise<unknown> }
  close(): Promise<void>
}

const tree = resolve(process.argv[2] ?? '.')
const part = async <T>(...files: readonly string[]): Promise<T> => {
  const file = files.find(one => existsSync(join(tree, one)))
  if (file === undefined) throw new Error(`${tree} has none of ${files.join(', ')}`)
  return (await import(pathToFileURL(join(tree, file)).href)) as T
}
const { parseConfig } = await part<{
  readonly parseConfig: (text: string) => Config
}>('src/config/load.ts')
const { startCordon } = await part<{ readonly startCordon: (config: Config) => Promise<Started> }>(
  'src/app/start-cordon.ts',
  'src/main.ts',
)

const login = (i: number) => `user${i}@isp.example`
const address = (i: number) => `10.0.${(i >> 8) & 255}.${i & 255}`
const folder = mkdtempSync(join(tmpdir(), 'cordon-judge-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const customers = Array.from({ length: CUSTOMERS }, (_, i) => i)
const cordon = await startCordon(
  parseConfig(
    JSON.stringify({
      dataFolder: folder,
      hostname: 'mail.isp.example',
      domains: ['isp.example'],
      listeners: [],
      http: { console: { port: 0 }, portal: { port: 0 } },
      subscribers: customers.map(i => ({ id: String(i), logins: [{ name: login(i) }] })),
      leases: customers.map(i => ({ prefix: address(i), subscriber: String(i) })),
    }),
  ),
)
let n = 0
console.log('ready')
for await (const asked of createInterface({ input: process.stdin })) {
  if (asked === 'judge') {
    for (let i = 0; i < STEPS; i++) await cordon.engine.judge(step(n++))
    console.log(STEPS)
  } else {
    const { user, system } = process.cpuUsage()
    console.log(user + system)
  }
}
await cordon.close()
process.exit(0)

function step(number: number): Step {
  const i = (number * 7919) % CUSTOMERS
  return {
    session: 's',
    listener: 'submission',
    stage: 'rcpt',
    at: Date.now(),
    client: { realm: 'main', address: address(i), port: 40_000 },
    tls: true,
    helo: 'home',
    login: login(i),
    sender: login(i),
    recipient:
      number % 4 === 0 ? login((number * 31) % CUSTOMERS) : `friend${number}@elsewhere.example`,
    accepted: 0,
  }
}
