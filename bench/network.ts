// The access network: accounting that is kept before it is answered, an access server that starts anew, who had an address, and
// how long an isolation takes on a real router while leases come and go.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryLeases } from '../src/drivers/directory/leases-memory.ts'
import { openLedgerFile } from '../src/drivers/ledger/ledger-file.ts'
import { reading } from '../src/app/reading.ts'
import { leaseMover } from '../src/engine/network/move-leases.ts'
import { HOUR, MINUTE } from '../src/model/duration.ts'
import type { Lease } from '../src/model/lease.ts'
import { openRadius } from '../src/sensors/radius/server.ts'
import { tellerClocks } from '../src/wire/teller-clocks.ts'
import { alone, type Row } from './pairs.ts'

const SESSIONS = 60_000
const PAST = 10_000_000
const CUSTOMERS = 1_000_000
const SECRET = 'bench'

export async function benchNetwork(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-network-'))
  try {
    return await accounting(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function benchWho(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-who-'))
  try {
    return [await who(folder)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The sensor, the leases and the ledger of the real program, in this process; the access server in another. */
async function accounting(folder: string): Promise<Row[]> {
  const ledger = await openLedgerFile(join(folder, 'ledger.db'))
  const leases = memoryLeases()
  const parts = { leases, leaseRows: ledger.leaseRows, now: () => Date.now() }
  const move = leaseMover({
    ...parts,
    reporter: { note: () => undefined },
    reconcile: () => undefined,
  })
  const sensor = await openRadius(
    {
      address: '127.0.0.1',
      port: 0,
      clients: [{ address: '127.0.0.1', secret: SECRET }],
      answer: true,
      realm: 'main',
      subscriber: 'user-name',
      interim: 10 * MINUTE,
    },
    {
      moveLeases: move,
      leases: [],
      standing: (realm, prefix) => leases.standing(realm, prefix),
      begunSince: (realm, prefix, at) => leases.begunSince(realm, prefix, at),
      within: (realm, prefix) => leases.within(realm, prefix),
      around: (realm, prefix) => leases.around(realm, prefix),
      subscriberOf: name => name,
      unknown: () => undefined,
      clocks: tellerClocks(() => undefined, parts.now),
      heardOf: () => undefined,
      noteHeard: () => undefined,
      now: parts.now,
      trouble: error => {
        throw error
      },
    },
  )
  const rate = (values: readonly Loaded[]) => values.map(({ perSecond }) => perSecond)
  const started: Loaded[] = []
  for (let i = 0; i < 5; i++) {
    // All of them end before they begin again.
    if (i > 0) await load(sensor.port, [1, 1, 'on'])
    started.push(await load(sensor.port, [SESSIONS, 1, 'start']))
  }
  const updates: Loaded[] = []
  for (let i = 0; i < 5; i++) updates.push(await load(sensor.port, [SESSIONS, 2, 'interim']))
  const anew = await load(sensor.port, [1, 1, 'on'])
  await sensor.close()
  await ledger.close()
  const again = [...started, ...updates, anew].reduce((sum, one) => sum + one.again, 0)
  console.log(`    ${again} packets were told again because no answer came within two seconds`)
  const what = (name: string, unit: string, target: number, better: 'more' | 'less') =>
    ({ name, unit, target, better }) as const
  return [
    alone(
      what(
        `accounting: ${SESSIONS.toLocaleString('en')} sessions begin, on disk before the answer`,
        'packets a second',
        20_000,
        'more',
      ),
      rate(started),
    ),
    alone(what('accounting: updates', 'packets a second', 20_000, 'more'), rate(updates)),
    alone(
      what(
        `an access server with ${SESSIONS.toLocaleString('en')} sessions starts anew: until it is answered`,
        'ms',
        5000,
        'less',
      ),
      [anew.seconds * 1000],
    ),
  ]
}

async function who(folder: string): Promise<Row> {
  const ledger = await openLedgerFile(join(folder, 'who.db'))
  const now = Date.now()
  const turnOf = (i: number) => 1 + Math.floor(i / 2 ** 20)
  const lease = (i: number): Lease => ({
    realm: 'main',
    // Ten customers in turn had each of a million addresses, for two hours each.
    prefix: `100.${64 + ((i >> 16) & 15)}.${(i >> 8) & 255}.${i & 255}/32`,
    subscriber: `kd${(i * 7) % CUSTOMERS}`,
    from: now - turnOf(i) * 2 * HOUR,
    to: now - turnOf(i) * 2 * HOUR + 2 * HOUR,
  })
  for (let i = 0; i < PAST; i += 10_000)
    await ledger.leaseRows.putLeases(Array.from({ length: 10_000 }, (_, n) => lease(i + n)))
  console.log(`    ${PAST.toLocaleString('en')} leases written`)
  const looking = reading({
    leaseRows: ledger.leaseRows,
    skew: 2000,
    shared: [],
  } as unknown as Parameters<typeof reading>[0])
  const rates: number[] = []
  for (let round = 0; round < 5; round++) {
    const began = performance.now()
    for (let n = 0; n < 2000; n++) {
      const i = (n * 7919 + round) % PAST
      const { prefix, from } = lease(i)
      const address = prefix.slice(0, -3)
      const holder = await looking.who({ realm: 'main', address, at: from + 10 * MINUTE })
      if (holder.subscriber !== lease(i).subscriber) throw new Error(`${address} was not found`)
    }
    rates.push(2000 / ((performance.now() - began) / 1000))
  }
  await ledger.close()
  const name = `who had an address, of ${PAST.toLocaleString('en')} past leases`
  return alone({ name, unit: 'look-ups a second', target: 1000, better: 'more' }, rates)
}

type Loaded = { readonly perSecond: number; readonly seconds: number; readonly again: number }

async function load(
  port: number,
  [sessions, rounds, what]: readonly [number, number, string],
): Promise<Loaded> {
  const words = [port, SECRET, sessions, rounds, what].map(String)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'radius-load.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', chunk => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`the access server ended with ${code}`)
  return JSON.parse(said) as Loaded
}
