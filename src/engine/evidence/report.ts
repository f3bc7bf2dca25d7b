// Something happened: it is put in order, completed with what the counters know, written down, weighed, added up,
// and what follows is decided and saved. One event after the other for each line and login; `seq` is only a stamp. Replay enters at
// `conduct`, one event after the other, with the facts already in the event, and looks nothing up.

import type { WhomOf } from '../../core/detection/observations-in.ts'
import { isOnlyTold } from '../../core/isolation/asked.ts'
import type { Rule } from '../../core/policy/rule.ts'
import type { Op } from '../../model/counter.ts'
import type { EpisodeSubject, EpisodeView, IsolationsByMail } from '../../model/episode.ts'
import type { Event, NewEvent } from '../../model/event.ts'
import { lineOf, loginOf, type Subject, type Unit } from '../../model/evidence.ts'
import type { Journal } from '../../ports/journal.ts'
import type { Leases } from '../../ports/leases.ts'
import type { Lookups } from '../../ports/lookups.ts'
import { addEvidence, type EvidenceParts } from './add-evidence.ts'
import { NUMBERS } from '../../core/detection/numbers.ts'
import { DestinationNames } from './destination-names.ts'
import { askedOf, decideCase } from './decide-case.ts'
import { attributed, withCounterFacts } from './gather.ts'
import { createBehind } from './episodes-behind.ts'
import { createEpisodes, type EpisodeParts, type Episodes, type Paying } from './episodes.ts'
import { type WaitsParts, waitsOf } from './window-forecast.ts'
import { createLanes } from './lanes.ts'
import { takenOps } from './takes-mail.ts'

export type ReportParts = Omit<EvidenceParts, 'note'> & {
  /** Where evidence by episodes keeps its records; without it there is none. */
  readonly episodes?: Pick<EpisodeParts, 'states' | 'mode'> &
    Pick<WaitsParts, 'spool'> & { readonly isolateByMail: IsolationsByMail }
  readonly journal: Journal
  readonly leases: Leases
  readonly lookups: Lookups
  /** What ids of events begin with: unique to this node and this start. */
  readonly node: string
  /** In force now: some of them learn from what happens. */
  readonly rules: () => readonly Rule[]
  /** A problem inside; the event is lost to the sums, never to the journal. */
  readonly trouble: (error: unknown, event: Event) => void
}

export type Reporter = {
  readonly report: (event: NewEvent) => void
  /** Reports and waits until everything that follows is saved. */
  settle(event: NewEvent): Promise<void>
  /** Weighs an event that is complete already: what replay uses. */
  readonly conduct: (event: Event) => Promise<void>
  /** Writes an event down without weighing it: for the engine's own doings. */
  readonly note: (event: NewEvent) => void
  /** Notes an event that only evidence by episodes hears: what the window let go, a case that a person released, an owner's word. Resolves when it is kept. */
  tellEpisodes(
    event: Extract<
      NewEvent,
      { kind: 'mail-let-go' | 'incident-opened' | 'incident-changed' | 'word-given' }
    >,
  ): Promise<void>
  /** Those that a message is about, after all that was told of them so far; undefined where there is no evidence by episodes. */
  paying(whom: WhomOf, at: number): Promise<Paying | undefined>
  /** What evidence by episodes says of a subject now. */
  episodes(subject: EpisodeSubject, at: number): Promise<EpisodeView | undefined>
  /** Resolves when everything reported so far is done. */
  idle(): Promise<void>
}

const NO_UNITS: Promise<readonly Unit[]> = Promise.resolve([])
const NOTHING: Promise<EpisodeView['waits']> = Promise.resolve([])

/** Reports that may wait to be weighed, of all and of one subject; reports beyond these are dropped and counted in `journal-gap`. */
const MAX_WAITING = 20_000
const MAX_OF_ONE = 2_000
/** Dropped reports that one `journal-gap` tells of, while more are dropped. */
const LOST_AT_ONCE = 1_000

export function createReporter(parts: ReportParts): Reporter {
  const lanes = createLanes()
  const destinations = new DestinationNames(parts.lookups)
  let seq = 0
  let waiting = 0
  let lost = 0

  const stamp = (event: NewEvent): Event => {
    seq++
    return { ...event, id: event.id ?? `${parts.node}.${seq}`, seq }
  }
  const note = (event: NewEvent) => parts.journal.write(stamp(event))
  const { counters, cases, subscribers, names, budgets, customers, observes = false } = parts
  const evidenceParts: EvidenceParts = {
    counters,
    cases,
    subscribers,
    names,
    budgets,
    customers,
    observes,
    // Of mail the shadow tells what would be decided, as it will be where evidence decides.
    withoutMail: parts.episodes !== undefined && (observes || parts.episodes.mode === 'decide'),
    note,
  }
  const add = (event: Event) => addEvidence(evidenceParts, event)
  const paying: Reporter['paying'] = async (whom, at) => episodes?.paying(whom, at)
  const waits = (payer: Subject, at: number) =>
    parts.episodes ? waitsOf({ spool: parts.episodes.spool, paying }, payer, at) : NOTHING
  const { states, mode } = parts.episodes ?? {}
  const inForce = inForceOf(parts, evidenceParts)
  const episodes: Episodes | undefined =
    states && mode && createEpisodes({ states, mode, subscribers, note, waits, inForce })
  const behind = createBehind(episodes, parts.trouble)

  async function journalAndConduct(event: NewEvent): Promise<void> {
    const complete = stamp(await withCounterFacts(parts, event))
    parts.journal.write(complete)
    try {
      const units = add(complete)
      void behind.add(complete, units)
      await units
      await learn(parts, complete)
    } catch (error) {
      parts.trouble(error, complete)
    }
  }

  return {
    settle: reported => {
      const event = attributed(parts, reported)
      return lanes.run({ subjects: subjectsIn(event), urgent: true }, () =>
        journalAndConduct(event),
      )
    },
    conduct: async event => {
      const units = await add(event)
      await episodes?.add(event, units)
    },
    tellEpisodes: told => {
      const event = stamp(told)
      parts.journal.write(event)
      return behind.add(event, NO_UNITS)
    },
    paying: (whom, at) => {
      const { subjects, source } = whom
      const all = source ? [...subjects, source.subject] : subjects
      return behind.after(all, () => paying(whom, at))
    },
    episodes: async (subject, at) => episodes?.view(subject, at),
    note,
    report: reported => {
      const event = attributed(parts, reported)
      const subjects = subjectsIn(event)
      if (waiting >= MAX_WAITING || subjects.some(one => lanes.waiting(one) >= MAX_OF_ONE)) {
        lost++
        return
      }
      waiting++
      const run = (named: NewEvent) =>
        lanes.run({ subjects, urgent: false }, () => journalAndConduct(named))
      void (destinations.named(event)?.then(run) ?? run(event))
        .catch(() => undefined)
        .finally(() => {
          waiting--
          if (lost === 0 || (waiting > 0 && lost < LOST_AT_ONCE)) return
          note({ kind: 'journal-gap', at: event.at, lost })
          lost = 0
        })
    },
    idle: async () => {
      await destinations.idle()
      await lanes.idle()
      await behind.idle()
    },
  }
}

/** What evidence by episodes does where it decides. */
function inForceOf(
  { episodes }: Pick<ReportParts, 'episodes'>,
  evidence: EvidenceParts,
): EpisodeParts['inForce'] {
  if (episodes?.mode !== 'decide') return undefined
  const { isolateByMail } = episodes
  return {
    decided: (subject, stepped, at) =>
      decideCase({ evidence, isolateByMail }, askedOf(subject, stepped, at)),
    isOnlyTold: kinds => isOnlyTold(isolateByMail, kinds),
  }
}

/** The subjects whose sums and habits an event may move: for each of them the order of events is kept. */
function subjectsIn(event: NewEvent): readonly Subject[] {
  const subjects = new Set<Subject>()
  if ('facts' in event && event.facts)
    for (const subject of [...event.facts.subjects, ...(event.facts.trapped ?? [])])
      subjects.add(subject)
  if ('subjects' in event && event.subjects)
    for (const subject of event.subjects) subjects.add(subject)
  if (event.kind === 'password-circulates') subjects.add(loginOf(event.login))
  if ('who' in event) {
    const { sure, subscriber, login } = event.who
    if (sure === 'certain' && subscriber !== undefined) subjects.add(lineOf(subscriber))
    if (login !== undefined) subjects.add(loginOf(login))
  }
  return [...subjects]
}

/** Updates habits after an event was weighed: rules that learn, and the networks a login is known in. */
async function learn(parts: ReportParts, event: Event): Promise<void> {
  const ops = [
    ...parts.rules().flatMap(rule => rule.learns?.(event) ?? []),
    ...network(parts, event),
    ...takenOps(parts, event),
  ]
  if (ops.length > 0) await parts.counters.apply({ at: event.at, mode: 'take', ops })
}

function network({ cases }: ReportParts, event: Event): Op[] {
  if (event.kind !== 'link-auth' || !event.ok || event.who.login === undefined) return []
  const { who, network: seen } = event
  const incident = cases.open(loginOf(who.login ?? ''))
  if (incident && incident.status !== 'watched') return []
  const key = `networks:${who.login}`
  return [{ op: 'distinct', key, members: [seen], window: NUMBERS.networksKept.value }]
}
