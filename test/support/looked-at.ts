// One held message with the cases of its line and login, and what the second look makes of it.

import { lookAgain, type SecondLookParts } from '../../src/engine/chores/second-look.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { MAX_HOLD } from '../../src/model/decision.ts'
import type { NewEvent } from '../../src/model/event.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { QueueRow } from '../../src/ports/spool.ts'
import { customer } from './small-cordon.ts'

const ANNA = customer('anna')

type LookedAtRow = Pick<QueueRow, 'at' | 'why' | 'nats'> & Partial<QueueRow>

/** As if Cordon began to look at it when `look` is first called. */
export function heldMessage(held: LookedAtRow, cases: readonly Incident[]) {
  const given: QueueRow = {
    message: 'm1',
    recipient: 'bert@elsewhere.example',
    sender: 'anna@isp.example',
    subject: 'hello',
    ...('login' in held || held.sender !== undefined ? {} : { login: 'anna@isp.example' }),
    subscriber: 'anna',
    state: 'held',
    due: held.at,
    attempts: 0,
    expires: held.at + 5 * MAX_HOLD,
    ...held,
  }
  let row: QueueRow | undefined = given
  let outcome = 'held'
  const told: string[] = []
  const alarms: string[] = []
  const counters = new MemoryCounters()
  const parts: SecondLookParts = {
    spool: {
      list: async ({ dueBefore = Infinity }) => (row && row.due <= dueBefore ? [row] : []),
      change: async (_, change) => {
        const before = row
        if (before === undefined) return []
        row = change.to === 'held' ? { ...before, due: change.due, why: change.why } : undefined
        return [before]
      },
      body: () => Promise.reject(new Error('not kept here')),
    },
    cases: {
      inForce: () => [],
      open: subject => cases.find(one => one.subject === subject && one.status !== 'closed'),
      incidents: async ({ subject }) => cases.filter(one => one.subject === subject),
    },
    engine: {
      open: async tx => {
        told.push(...tx.recipients)
        const verdict = { kind: 'accept' } as const
        return { write: async () => undefined, finish: async () => ({ verdict }) } as never
      },
    },
    reporter: {
      note: (event: NewEvent) => {
        if (event.kind === 'held-settled') ({ outcome } = event)
      },
      report: (event: NewEvent) => {
        if (event.kind === 'alarm-raised') alarms.push(`${event.alarm} ${event.about}`)
      },
    },
    ourName: 'mail.isp.example',
    scanner: { scan: async () => ({ content: 'unseen' }) } as never,
    expiring: new Set(),
    counters,
    rules: () => [],
    subscribers: {
      get: id => (id === ANNA.id ? ANNA : undefined),
      byLogin: login => (login === ANNA.logins[0]?.name ? ANNA : undefined),
    },
  }
  return {
    look: (at: number) => lookAgain(parts, at),
    outcome: () => outcome,
    due: () => row?.due,
    told: () => told.length,
    toldTo: () => told,
    alarms: () => alarms,
    /** Another message, held in its place. */
    next: (message: string) => {
      row = { ...given, message }
    },
  }
}
