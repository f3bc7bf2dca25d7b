// Something happened: it is put in order, completed with what the counters know, written down, weighed, added up,
// and what follows is decided and saved. One event after the other. Replay enters at `conduct`, with the facts
// already in the event, and asks nobody anything.

import { weigh } from '../core/detection/weigh.ts'
import { type Budgets, forgottenPerDay, MAX_SUM, thresholds } from '../core/detection/sum.ts'
import { type Advanced, advance, type Finding } from '../core/isolation/advance.ts'
import { fuseBlown } from '../core/isolation/fuse.ts'
import type { Rule } from '../core/policy/rule.ts'
import { HOUR, SECOND } from '../model/duration.ts'
import type { Event, EventOf, NewEvent } from '../model/event.ts'
import { loginOf, type LedgerRow, type Subject, type Unit } from '../model/evidence.ts'
import type { Counters } from '../ports/counters.ts'
import type { Journal } from '../ports/journal.ts'
import type { Leases } from '../ports/leases.ts'
import type { Names } from '../ports/names.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import { type CaseLedger, type CaseNow, changeCase } from './change-case.ts'
import { caseChanged, decisionEnded, decisionMade } from './case-events.ts'
import { NETWORKS_KEPT, ownerOf, withCounterFacts } from './gather.ts'

export type ReportParts = {
  readonly counters: Counters
  readonly ledger: CaseLedger
  readonly journal: Journal
  readonly leases: Leases
  readonly subscribers: Subscribers
  readonly names: Names
  readonly node: string
  readonly budgets: Budgets
  /** How many customers there are: what the fuse is measured against. */
  readonly customers: () => number
  /** In force now: some of them learn from what happens. */
  readonly rules: () => readonly Rule[]
  /** Carries out what was decided; must not block the next event. */
  readonly act: (advanced: Advanced, at: number) => void
  /** A problem inside; the event is lost to the sums, never to the journal. */
  readonly trouble: (error: unknown, event: Event) => void
}

export type Reporter = {
  report(event: NewEvent): void
  /** Reports and waits until everything that follows is saved. */
  settle(event: NewEvent): Promise<void>
  /** Weighs an event that is complete already: what replay uses. */
  conduct(event: Event): Promise<void>
  /** Writes an event down without weighing it: for the engine's own doings. */
  note(event: NewEvent): void
  /** Resolves when everything reported so far is done. */
  idle(): Promise<void>
}

/** Reports that may wait to be weighed; a sensor that tells faster than that loses some, and the journal says so. */
const MAX_WAITING = 20_000

export function createReporter(parts: ReportParts): Reporter {
  let seq = 0
  let waiting = 0
  let lost = 0
  let queue: Promise<unknown> = Promise.resolve()
  const restricted: number[] = []

  const stamp = (event: NewEvent): Event => {
    seq++
    return { ...event, id: event.id ?? `${parts.node}.${seq}`, seq }
  }
  const note = (event: NewEvent) => parts.journal.write(stamp(event))

  /** Resolves when the sums have moved and what follows is saved. */
  async function add(event: Event): Promise<void> {
    for (const unit of weigh(event)) await addUnit(unit, event)
  }

  async function addUnit(unit: Unit, event: Event): Promise<void> {
    const usual = usualOf(event, unit.subject)
    let names: Finding['fresh'] | undefined
    let weighed: Weighed | undefined
    let counted: number | undefined
    const changed = await changeCase(parts.ledger, unit.subject, async now => {
      weighed = undefined
      // Evidence from before a release is about something that is over.
      if (unit.at < (now.incident?.releasedAt ?? 0)) return undefined
      const told = await take(unit, now.epoch, usual)
      if (!told || (told.repeated && counted !== now.epoch)) return undefined
      counted = now.epoch
      names ??= freshNames(parts.names)
      const { sum } = told
      const limits = thresholds(usual, parts.budgets, now.incident?.status === 'probation')
      weighed = { sum, holdAt: limits.hold, containAt: limits.contain }
      const subscriber = ownerOf(parts.subscribers, unit.subject)
      const advanced = advance({
        unit,
        ...weighed,
        ...now,
        subscriber: subscriber?.id,
        plan: subscriber?.plan ?? 'consumer',
        fuseBlown: fuseBlown(lastHour(restricted, unit.at), parts.customers()),
        fresh: names,
      })
      // A flood that changes nothing any more is written down once a second, not once a message.
      const flood =
        now.incident?.status === 'contained' && unit.at - now.incident.changedAt < SECOND
      if (!advanced || (flood && advanced.decisions.length === 0)) return undefined
      return { ...advanced, evidence: [rowOf(unit, sum, advanced, now)] }
    })
    if (weighed) note(weighedEvent(unit, weighed))
    if (!changed) return
    for (const decision of changed.decisions) {
      if (decision.at === unit.at && decision.kind !== 'hold') restricted.push(unit.at)
    }
    for (const following of consequences(changed, unit.at)) note(following)
    parts.act(changed, unit.at)
  }

  /** Adds a unit to its sum; undefined when the counters are out of order. */
  async function take(
    unit: Unit,
    epoch: number,
    usual: number,
  ): Promise<{ readonly sum: number; readonly repeated: boolean } | undefined> {
    const counted = await parts.counters.apply({
      once: `${unit.id}/${epoch}`,
      at: unit.at,
      mode: 'take',
      ops: [
        {
          op: 'leak',
          key: `sum:${unit.subject}:${epoch}`,
          add: unit.nats,
          perDay: forgottenPerDay(usual),
          max: MAX_SUM,
        },
      ],
    })
    if ('failed' in counted) return undefined
    return { sum: counted.readings[0]?.value ?? 0, repeated: counted.repeated === true }
  }

  function settle(event: NewEvent): Promise<void> {
    const run = queue.then(async () => {
      const complete = stamp(await withCounterFacts(parts, event))
      parts.journal.write(complete)
      try {
        await add(complete)
        await learn(parts, complete)
      } catch (error) {
        parts.trouble(error, complete)
      }
    })
    queue = run.catch(() => undefined)
    return run
  }

  return {
    settle,
    conduct: add,
    note,
    report: event => {
      if (waiting >= MAX_WAITING) {
        lost++
        return
      }
      waiting++
      void settle(event)
        .catch(() => undefined)
        .finally(() => {
          waiting--
          if (lost === 0 || waiting > 0) return
          note({ kind: 'journal-gap', at: event.at, lost })
          lost = 0
        })
    },
    idle: async () => void (await queue),
  }
}

const freshNames = (names: Names): Finding['fresh'] => ({
  incident: names.record(),
  caseCode: names.caseCode(),
  decision: names.record(),
})

type Weighed = { readonly sum: number; readonly holdAt: number; readonly containAt: number }

function weighedEvent(unit: Unit, weighed: Weighed): NewEvent {
  const { at, subject, id, cell, why, nats, bits } = unit
  return { kind: 'evidence-weighed', at, subject, unit: id, cell, why, nats, ...weighed, bits }
}

function rowOf(unit: Unit, sum: number, advanced: Advanced, now: CaseNow): LedgerRow {
  const previous = now.incident?.sum ?? 0
  return {
    ...unit,
    sum,
    forgotten: Math.max(0, previous + unit.nats - sum),
    incident: advanced.incident.id,
  }
}

function consequences(advanced: Advanced, at: number): NewEvent[] {
  const { incident, opened, changed } = advanced
  return [
    ...(changed ? [caseChanged(incident, at, opened)] : []),
    ...advanced.decisions.filter(one => one.at === at).map(one => decisionMade(one, at)),
    ...advanced.ended.map(one => decisionEnded(one, at)),
  ]
}

/** After it was weighed, an ordinary login makes its network an ordinary one. */
async function learn(parts: ReportParts, event: Event): Promise<void> {
  const ops = parts.rules().flatMap(rule => rule.learns?.(event) ?? [])
  if (ops.length > 0) await parts.counters.apply({ at: event.at, mode: 'take', ops })
  if (event.kind !== 'link-auth' || !event.ok || event.who.login === undefined) return
  const incident = parts.ledger.open(loginOf(event.who.login))
  if (incident && incident.status !== 'watched') return
  await parts.counters.apply({
    at: event.at,
    mode: 'take',
    ops: [
      {
        op: 'distinct',
        key: `networks:${event.who.login}`,
        members: [event.network],
        window: NETWORKS_KEPT,
      },
    ],
  })
}

function usualOf(event: Event, subject: Subject): number {
  const usual = (event as Partial<EventOf<'tx-commit'>>).usual
  return usual?.[subject] ?? 5
}

function lastHour(times: number[], at: number): number {
  while (times.length > 0 && (times[0] as number) < at - HOUR) times.shift()
  return times.length
}
