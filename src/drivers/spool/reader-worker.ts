// The thread that reads the queue, on a connection of its own, so that a long listing never delays a commit.
// Which recipients are out for delivery is remembered here, and by the caller in case this thread ends (spool-sqlite.ts), and
// nowhere else: a crash forgets it, as it should.

import { dirname, join } from 'node:path'
import { openSqlite } from '../sqlite/open-sqlite.ts'
import { serveCalls } from '../sqlite/serve-calls.ts'
import type { ReadAnswer, ReadCall, ReaderStart } from './calls.ts'
import { lookInto } from './whole-body.ts'
import { SpoolStore } from './spool-store.ts'

serveCalls<ReadCall, ReadAnswer>(
  start => {
    const store = new SpoolStore(openSqlite(start.path))
    /** Recipient -> until when it is lent. */
    const lent = new Map((start as ReaderStart).lent)
    const bodies = join(dirname(start.path), 'bodies')
    return {
      together: asks => asks.map(ask => carryOut(store, { lent, bodies }, ask)),
      close: () => store.database.close(),
    }
  },
  { maxGroup: 1 },
)

type Around = { readonly lent: Map<number, number>; readonly bodies: string }

function carryOut(store: SpoolStore, { lent, bodies }: Around, ask: ReadCall): ReadAnswer {
  switch (ask.call) {
    case 'claim': {
      for (const id of ask.back) lent.delete(id)
      for (const [id, until] of lent) if (until <= ask.at) lent.delete(id)
      const { claims, damaged } = store.due(ask.at, ask.max, lent, lookInto(bodies))
      for (const claim of claims)
        for (const { id } of claim.recipients) lent.set(id, ask.leaseUntil)
      return { claims, damaged }
    }
    case 'give-back':
      for (const id of ask.recipients) lent.delete(id)
      return {}
    case 'list':
      return { rows: store.list(ask.filter) }
    case 'body': {
      const body = store.body(ask.message)
      return body ? { body } : {}
    }
    case 'next-due': {
      const nextDue = store.nextDue(ask.after)
      return nextDue === undefined ? {} : { nextDue }
    }
    case 'totals':
      return { totals: store.totals() }
    case 'paced':
      return { parts: store.paced(ask.payer, ask.most) }
    case 'payers':
      return { payers: store.payers() }
    case 'files':
      return { files: store.files() }
    default:
      return ask satisfies never
  }
}
