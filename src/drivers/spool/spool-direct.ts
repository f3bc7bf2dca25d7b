// The same queue without threads or disk: for the simulation on a virtual clock, and for tests of what uses a spool.

import { openSqlite } from '../sqlite/open-sqlite.ts'
import type { Spool } from '../../ports/spool.ts'
import { SpoolStore } from './spool-store.ts'

export function directSpool(): Spool {
  const store = new SpoolStore(openSqlite(':memory:'))
  const lent = new Map<number, number>()
  const wakers = new Set<(flushed: boolean) => void>()
  const wake = ({ flushed = false } = {}) => {
    for (const waker of wakers) waker(flushed)
  }
  return {
    open: () => {
      const chunks: Uint8Array[] = []
      return {
        write: async chunk => void chunks.push(chunk),
        read: async function* () {
          yield* chunks
        },
        abort: async () => undefined,
        commit: async message => {
          const body = Buffer.concat(chunks)
          store.add({ message, size: body.length, body })
          wake()
        },
      }
    },
    claim: async (at, max, leaseMs) => {
      for (const [id, until] of lent) if (until <= at) lent.delete(id)
      const { claims } = store.due(at, max, lent)
      for (const claim of claims) for (const { id } of claim.recipients) lent.set(id, at + leaseMs)
      return claims
    },
    body: async message => {
      const found = store.body(message)
      if (!found?.body) throw new Error(`message ${message} is not in the queue`)
      const { headers, body } = found
      return (async function* () {
        yield Buffer.from(headers, 'utf8')
        yield body
      })()
    },
    settle: async results => {
      store.settle(results)
      for (const { recipient } of results) lent.delete(recipient)
    },
    paced: async (payer, most) => store.paced(payer, most),
    payers: async () => store.payers(),
    totals: async () => store.totals(),
    list: async filter => store.list(filter),
    change: async (filter, change) => {
      const { rows } = store.change(filter, change)
      if (change.to === 'queued') wake()
      return rows
    },
    nextDue: async after => store.nextDue(after),
    flush: async (at, after = at) => {
      const count = store.flush(at, after)
      if (count > 0 || after === at) wake({ flushed: true })
      return count
    },
    onDue: waker => void wakers.add(waker),
    close: async () => store.database.close(),
  }
}
