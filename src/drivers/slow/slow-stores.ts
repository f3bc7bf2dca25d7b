// For tests alone: the stores as if they were somewhere else. Every call arrives 1 to 5 ms late, in its order, and now and then a case
// is stale, as if another node had been faster. Wanted with CORDON_STORES=slow, and only where Node's test runner is at work.

import { setTimeout as pause } from 'node:timers/promises'
import { StartError } from '../../model/errors.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Spool, SpoolDraft } from '../../ports/spool.ts'

const EARLIEST = 1
const LATEST = 5
/** One of so many changes of a case is stale. */
const STALE = 10

/** Throws where somebody wants them who is no test. */
export function areStoresSlow({ CORDON_STORES, NODE_TEST_CONTEXT }: NodeJS.ProcessEnv): boolean {
  if (CORDON_STORES !== 'slow') return false
  if (NODE_TEST_CONTEXT === undefined)
    throw new StartError('the stores', 'CORDON_STORES=slow is for tests. Unset it.')
  return true
}

/** What a driver has in memory it answers at once, wherever the store is. */
const AT_ONCE: ReadonlySet<PropertyKey> = new Set<
  keyof Ledger | 'sweep' | 'onDue' | 'onChange' | 'read'
>([
  'open',
  'epoch',
  'rev',
  'moved',
  'openCases',
  'inForce',
  'allInForce',
  'sweep',
  'onDue',
  'onChange',
  'read',
])

export const slowCounters = <C extends Counters>(counters: C): C => late(counters)

export function slowLedger(ledger: Ledger): Ledger {
  const slow = late(ledger)
  let n = 0
  return {
    ...slow,
    changes: late(ledger.changes),
    saveCase: change => {
      n++
      return n % STALE === 0 ? pause(EARLIEST).then(() => 'stale' as const) : slow.saveCase(change)
    },
  }
}

export function slowSpool<S extends Spool>(spool: S): S {
  return new Proxy(late(spool), {
    get: (slow, name) =>
      name === 'open' ? (): SpoolDraft => late(spool.open()) : slow[name as keyof S],
  })
}

function late<T extends object>(port: T): T {
  let before: Promise<unknown> = Promise.resolve()
  return new Proxy(port, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name)
      if (typeof own !== 'function') return own
      const call = (own as (...given: unknown[]) => unknown).bind(target)
      if (AT_ONCE.has(name)) return call
      return (...given: unknown[]) => {
        const ms = EARLIEST + Math.random() * (LATEST - EARLIEST)
        // Nobody overtakes.
        const arrived = Promise.all([before, pause(ms)])
        before = arrived
        return arrived.then(() => call(...given))
      }
    },
  })
}
