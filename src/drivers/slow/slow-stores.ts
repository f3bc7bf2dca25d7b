// For tests alone: the stores as if they were somewhere else. Every call arrives 1 to 5 ms late, in its order, and now and then a case
// or a subject's state is stale, as if another node had been faster. Wanted with CORDON_STORES=slow, and only where Node's test runner is at work.

import { setTimeout as pause } from 'node:timers/promises'
import { StartError } from '../../model/errors.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Spool, SpoolDraft } from '../../ports/spool.ts'
import type { SubjectState } from '../../ports/subject-state.ts'

const EARLIEST = 1
const LATEST = 5
/** One of so many changes of a case or a state is stale. */
const STALE = 10

/** Throws where a program wants them that is no test. */
export function areStoresSlow({ CORDON_STORES, NODE_TEST_CONTEXT }: NodeJS.ProcessEnv): boolean {
  if (CORDON_STORES !== 'slow') return false
  if (NODE_TEST_CONTEXT === undefined)
    throw new StartError('the stores', 'CORDON_STORES=slow is for tests. Unset it.')
  return true
}

/** What a driver has in memory it answers at once, wherever the store is. */
const AT_ONCE: ReadonlySet<PropertyKey> = new Set<
  keyof Cases | 'sweep' | 'onDue' | 'onChange' | 'read'
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

export function slowCounters<C extends Counters>(counters: C): C
export function slowCounters<C extends Counters>(
  counters: C,
  states: SubjectState,
): C & { readonly states: SubjectState }
export function slowCounters<C extends Counters>(counters: C, states?: SubjectState): C {
  const slow = late(counters)
  if (!states) return slow
  const slowly = slowStates(states)
  return new Proxy(slow, {
    get: (target, name) => (name === 'states' ? slowly : target[name as keyof C]),
  })
}

export function slowStates(states: SubjectState): SubjectState {
  const slow = late(states)
  let n = 0
  return {
    load: async keys => slow.load(keys),
    swap: async swap => {
      n++
      return n % STALE === 0 ? pause(EARLIEST, { outcome: 'stale' } as const) : slow.swap(swap)
    },
  }
}

export function slowLedger(ledger: Ledger): Ledger {
  const { cases, changes, notices, audit, customers, accounts, leaseRows, records } = ledger
  const way = newWay()
  const slow = { cases: late(cases, way), records: late(records, way) }
  return {
    cases: { ...slow.cases, saveCase: nowAndThenStale(slow.cases.saveCase) },
    changes: late(changes, way),
    notices: late(notices, way),
    audit: late(audit, way),
    customers: late(customers, way),
    accounts: late(accounts, way),
    leaseRows: late(leaseRows, way),
    records: { ...slow.records, put: nowAndThenStale(slow.records.put) },
    close: () => ledger.close(),
  }
}

function nowAndThenStale<G, A>(call: (given: G) => Promise<A>): typeof call {
  let n = 0
  return async given => {
    n++
    if (n % STALE !== 0) return call(given)
    await pause(EARLIEST)
    return 'stale' as A
  }
}

export function slowSpool<S extends Spool>(spool: S): S {
  return new Proxy(late(spool), {
    get: (slow, name) =>
      name === 'open' ? (): SpoolDraft => late(spool.open()) : slow[name as keyof S],
  })
}

/** Calls that share one arrive in their order. */
type CallOrder = { before: Promise<unknown> }
const newWay = (): CallOrder => ({ before: Promise.resolve() })

function late<T extends object>(port: T, way = newWay()): T {
  return new Proxy(port, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name)
      if (typeof own !== 'function') return own
      const call = (own as (...given: unknown[]) => unknown).bind(target)
      if (AT_ONCE.has(name)) return call
      return (...given: unknown[]) => {
        const ms = EARLIEST + Math.random() * (LATEST - EARLIEST)
        // No call overtakes another.
        const arrived = Promise.all([way.before, pause(ms)])
        way.before = arrived
        return arrived.then(() => call(...given))
      }
    },
  })
}
