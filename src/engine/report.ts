// Something happened: it is put in order, completed with what the counters know, written down, weighed, added up,
// and what follows is decided and saved. One event after the other. Replay enters at `conduct`, with the facts
// already in the event, and asks nobody anything.

import { weigh } from '../core/detection/weigh.ts'
import { type Budgets, forgottenPerDay, MAX_SUM, thresholds } from '../core/detection/sum.ts'
import { type Advanced, advance } from '../core/isolation/advance.ts'
import { fuseBlown } from '../core/isolation/fuse.ts'
import type { Rule } from '../core/policy/rule.ts'
import { HOUR, SECOND } from '../model/duration.ts'
import type { Event, EventOf, NewEvent } from '../model/event.ts'
import { loginOf, type LedgerRow, type Subject, type Unit } from '../model/evidence.ts'
import type { Counters } from '../ports/counters.ts'
import type { Journal } from '../ports/journal.ts'
import type { Leases } from '../ports/leases.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Names } from '../ports/names.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import { caseChanged, decisionEnded, decisionMade } from './case-events.ts'
import { NETWORKS_KEPT, ownerOf, withCounterFacts } from './gather.ts'

export type ReportParts = {
  readonly counters: Counters
  readonly ledger: Ledger
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
  const settling = new Set<Promise<void>>()
  const restricted: number[] = []

  const stamp = (event: NewEvent): Event => {
    seq++
    return { ...event, id: event.id ?? `${parts.node}.${seq}`, seq }
  }
  const note = (event: NewEvent) => parts.journal.write(stamp(event))

  /** Resolves when the sums have moved; with what is then still on its way to the disk. */
  async function add(event: Event): Promise<readonly Promise<void>[]> {
    const saving: Promise<void>[] = []
    for (const unit of weigh(event)) {
      const saved = await addUnit(unit, event)
      if (saved) saving.push(saved.done)
    }
    return saving
  }

  async function addUnit(unit: Unit, event: Event): Promise<Saving | undefined> {
    const before = parts.ledger.open(unit.subject)
    // Evidence from before a release is about something that is over.
    if (unit.at < (before?.releasedAt ?? 0)) return undefined
    const usual = usualOf(event, unit.subject)
    const epoch = before?.epoch ?? parts.ledger.epoch(unit.subject)
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
    if ('failed' in counted || counted.repeated) return undefined
    const sum = counted.readings[0]?.value ?? 0
    const limits = thresholds(usual, parts.budgets, before?.status === 'probation')
    const subscriber = ownerOf(parts.subscribers, unit.subject)
    const advanced = advance({
      unit,
      sum,
      holdAt: limits.hold,
      containAt: limits.contain,
      incident: before,
      inForce: parts.ledger.inForce(unit.subject),
      epoch,
      subscriber: subscriber?.id,
      plan: subscriber?.plan ?? 'consumer',
      fuseBlown: fuseBlown(lastHour(restricted, unit.at), parts.customers()),
      fresh: {
        incident: parts.names.record(),
        caseCode: parts.names.caseCode(),
        decision: parts.names.record(),
      },
    })
    note({
      kind: 'evidence-weighed',
      at: unit.at,
      subject: unit.subject,
      unit: unit.id,
      cell: unit.cell,
      why: unit.why,
      nats: unit.nats,
      sum,
      holdAt: limits.hold,
      containAt: limits.contain,
      bits: unit.bits,
    })
    // A flood that changes nothing any more is written down once a second, not once a message.
    const flood = before?.status === 'contained' && unit.at - before.changedAt < SECOND
    if (!advanced || (flood && advanced.decisions.length === 0)) return undefined
    return save(advanced, unit, sum)
  }

  /** In force at once; carried out when it is on disk. The next event need not wait for that. */
  function save(advanced: Advanced, unit: Unit, sum: number): Saving {
    const { incident } = advanced
    const previous = advanced.opened ? 0 : (parts.ledger.open(unit.subject)?.sum ?? 0)
    const row: LedgerRow = {
      ...unit,
      sum,
      forgotten: Math.max(0, previous + unit.nats - sum),
      incident: incident.id,
    }
    const saved = parts.ledger.save({
      incidents: [incident],
      decisions: [...advanced.decisions, ...advanced.ended],
      evidence: [row],
    })
    for (const decision of advanced.decisions) {
      if (decision.at === unit.at && decision.kind !== 'hold') restricted.push(unit.at)
    }
    for (const event of consequences(advanced, unit.at)) note(event)
    const done = saved.then(() => parts.act(advanced, unit.at))
    done.catch(() => undefined)
    return { done }
  }

  function settle(event: NewEvent): Promise<void> {
    const run = queue.then(async () => {
      const complete = stamp(await withCounterFacts(parts, event))
      parts.journal.write(complete)
      try {
        const saving = await add(complete)
        await learn(parts, complete)
        return { complete, saving }
      } catch (error) {
        parts.trouble(error, complete)
        return { complete, saving: [] }
      }
    })
    queue = run.catch(() => undefined)
    const settled = run.then(({ complete, saving }) =>
      all(saving).catch(error => parts.trouble(error, complete)),
    )
    settling.add(settled)
    return settled.finally(() => settling.delete(settled))
  }

  return {
    settle,
    conduct: async event => all(await add(event)),
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
    idle: async () => {
      await queue
      await Promise.all(settling)
    },
  }
}

/** An object, so that a promise of it is not the promise in it. */
type Saving = { readonly done: Promise<void> }

const all = async (saving: readonly Promise<void>[]): Promise<void> =>
  void (await Promise.all(saving))

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
