// Evidence by episodes: every message and answer goes into the records of the subjects that it feeds, and what is decided is told, and done
// where it is in force (decide-case.ts). In shadow it is noted what would wait; where the window is in force (window.ts), what it lets go is
// charged here. All of it comes from where all evidence is added, so from every door, and in the order in which the journal has a subject's
// events, so that a replay decides the same.

import { decide } from '../../core/detection/episodes/decide.ts'
import { isFresh } from '../../core/detection/episodes/networks.ts'
import type { SubjectRecord } from '../../core/detection/episodes/state.ts'
import { type Observation, step, type Stepped } from '../../core/detection/episodes/step.ts'
import type { Allowance } from '../../core/detection/episodes/tables.ts'
import { charged } from '../../core/detection/episodes/window/charge.ts'
import {
  kindOfSubject,
  observationsIn,
  pacedAs,
  pacedFirstTimers,
  type Observed,
  signsIn,
  type WhomOf,
} from '../../core/detection/observations-in.ts'
import { BoundedMap } from '../../model/bounded-map.ts'
import type { Op } from '../../model/counter.ts'
import type {
  EpisodeMode,
  EpisodeSubject,
  EpisodeView,
  SourceSubject,
} from '../../model/episode.ts'
import type { Event, EventOf, NewEvent } from '../../model/event.ts'
import type { Subject, Unit } from '../../model/evidence.ts'
import { loginsOp, regularsOp } from './episode-facts.ts'
import { watchedAlarm } from './watched-alarm.ts'
import { QuietAcceptances } from './quiet-acceptances.ts'
import { EpisodeRecords, type OneRecord, type RecordParts } from './episode-records.ts'
import { episodeView } from './episode-view.ts'
import { released, sent, shadowForecast, type ShadowWait } from './shadow-window.ts'

/** Resolves when what an event says is kept. */
export type Episodes = {
  /** `units`: what it added to the sums for the first time. */
  add(event: Event, units: readonly Unit[]): Promise<void>
  /** Those that a message of these is about, as they are now. */
  paying(whom: WhomOf, at: number): Promise<Paying>
  view(subject: EpisodeSubject, at: number): Promise<EpisodeView | undefined>
}

/** Subjects of which it is remembered what would wait; the one longest unused is forgotten. */
const MOST_WAITING_SUBJECTS = 20_000

/** All that a message feeds, the sender's own first. */
export type Paying = {
  readonly payers: readonly EpisodeSubject[]
  readonly records: readonly SubjectRecord[]
  readonly allowance: Allowance
}

export type EpisodeParts = RecordParts & {
  readonly mode: Exclude<EpisodeMode, 'off'>
  /** Of a sender, what waits for the window. */
  readonly waits: (payer: Subject, at: number) => Promise<EpisodeView['waits']>
  /** Without it what is decided is only told. */
  readonly inForce?: InForce | undefined
}

type InForce = {
  /** Does what is decided of a line or login. */
  readonly decided: (subject: Subject, stepped: Stepped, at: number) => Promise<void>
  /** Of an isolation for these kinds of evidence. */
  readonly isOnlyTold: (kinds: readonly string[]) => boolean
}

export function createEpisodes(parts: EpisodeParts): Episodes {
  const { mode } = parts
  const records = new EpisodeRecords(parts)
  const waiting = new BoundedMap<EpisodeSubject, readonly ShadowWait[]>(MOST_WAITING_SUBJECTS)
  const quiet = new QuietAcceptances()
  const { note, inForce } = parts
  const conducting: Conducting = { mode, records, waiting, quiet, note, inForce }
  return {
    add: async (event, units) => {
      if (event.kind === 'mail-let-go') await charge(conducting, event)
      const observed = observationsIn(event)
      if (observed) await observe(conducting, event, observed)
      for (const [subject, sign] of signsIn(units))
        await addSign(conducting, event, [subject, sign])
    },
    paying: async (whom, at) => {
      const { subjects, source } = whom
      const allowance = records.allowanceOf(subjects[0] ?? 'line:')
      const all = await records.read(source ? [...subjects, source.subject] : subjects, at)
      const fed = all
        .filter(one => isFed(one, all, whom))
        .map(one => quiet.applied(one, allowance, at))
      return {
        payers: fed.map(one => one.subject),
        records: fed.map(one => one.record),
        allowance,
      }
    },
    view: async (subject, at) => {
      const [found] = await records.read([subject], at)
      if (!found?.isKept) return undefined
      const allowance = records.allowanceOf(subject)
      const { record: before } = quiet.applied(found, allowance, at)
      if (mode !== 'shadow') {
        const waits = isSource(subject) ? [] : await parts.waits(subject, at)
        const told = episodeView(subject, step(before, [], at).state, waits)
        return mode === 'decide' ? { ...told, decides: true } : told
      }
      const now = released([before], waiting.get(subject) ?? [], allowance, at)
      const record = step(now.records[0] ?? before, [], at).state
      const waits = shadowForecast(record, now.waiting, allowance, at)
      return { ...episodeView(subject, record, waits), shadow: true }
    },
  }
}

const isSource = (subject: EpisodeSubject): subject is SourceSubject =>
  kindOfSubject(subject) === 'source'

type Conducting = {
  readonly mode: EpisodeParts['mode']
  readonly records: EpisodeRecords
  readonly waiting: BoundedMap<EpisodeSubject, readonly ShadowWait[]>
  readonly quiet: QuietAcceptances
  readonly note: (event: NewEvent) => void
  readonly inForce: InForce | undefined
}

/** One load and one write for all subjects. */
async function observe(parts: Conducting, event: Event, observed: Observed): Promise<void> {
  const { at } = event
  const { subjects, source } = observed
  const [own] = subjects
  if (own === undefined) return
  const all = source ? [...subjects, source.subject] : subjects
  const changed = await parts.records.change(all, at, found => {
    const fed = found.filter(one => isFed(one, found, observed))
    const allowance = parts.records.allowanceOf(own)
    const steps = fed
      .map(one => parts.quiet.applied(one, allowance, at))
      .map(one => stepOf(one, observed.of(kindOfSubject(one.subject)), at))
    const paced = pace(parts, { event, observed, own }, steps)
    const next = new Map(
      steps.map(({ subject }, i) => [subject, paced.records[i] as SubjectRecord]),
    )
    return { records: next, ops: opsOf(event, observed), steps, paced }
  })
  const { steps, paced } = changed
  for (const { subject } of steps) {
    parts.quiet.forget(subject, at)
    if (observed.acceptedBy !== undefined) parts.quiet.add(subject, observed.acceptedBy, at)
  }
  keepWaiting(parts.waiting, own, paced.waiting)
  tell(parts, at, steps, observed.watched)
  for (const told of paced.began) parts.note(told)
  await doDecided(parts, at, observed.watched ? steps.flatMap(watchedStep) : steps)
}

/** A foreign address has no case. */
async function doDecided({ inForce }: Conducting, at: number, steps: readonly Step[]) {
  for (const one of steps) if (!isSource(one.subject)) await inForce?.decided(one.subject, one, at)
}

/** A foreign address is a subject where many logins use it, or where its network is new to this one. */
function isFed(
  { subject }: OneRecord,
  found: readonly OneRecord[],
  { source, network }: WhomOf,
): boolean {
  if (subject !== source?.subject) return true
  const login = found.find(one => kindOfSubject(one.subject) === 'login')
  return (
    source.always ||
    (login !== undefined && network !== undefined && isFresh(login.record, network))
  )
}

type Step = Stepped & { readonly subject: EpisodeSubject; readonly before: Stepped['decision'] }

const stepOf = (
  { subject, record }: OneRecord,
  observations: readonly Observation[],
  at: number,
): Step => ({ ...step(record, observations, at), subject, before: decide(record) })

type ObservedEvent = { readonly event: Event; readonly observed: Observed; readonly own: Subject }

/** In shadow, what of it would wait; in force the window says so, once it is known that no case holds it. */
function pace(
  { mode, records, waiting }: Conducting,
  { event, observed, own }: ObservedEvent,
  steps: readonly Step[],
) {
  const { at } = event
  const allowance = records.allowanceOf(own)
  const states = steps.map(({ state }) => state)
  if (mode !== 'shadow') return { records: states, waiting: [], began: [] }
  const now = released(states, waiting.get(own) ?? [], allowance, at)
  const [seen] = observed.of(kindOfSubject(own))
  if (event.kind !== 'tx-commit' || seen?.kind !== 'message') return { ...now, began: [] }
  const fresh = steps.some(one => one.fresh)
  const { facts } = event
  const [judged, firstTimers] = [pacedAs(facts), pacedFirstTimers(facts)]
  const asPaced = { ...seen, judged, firstTimers, fresh, person: facts.episode?.person }
  const after = sent(now, asPaced, allowance, at)
  const [record] = after.records
  const isFirst = ({ bucket }: ShadowWait) => !now.waiting.some(one => one.bucket === bucket)
  const began = after.began.filter(isFirst).flatMap((one): NewEvent[] => {
    if (!record) return []
    const [{ until } = { until: at }] = shadowForecast(record, [one], allowance, at)
    const { bucket, units: recipients } = one
    const { message } = event
    return [
      { kind: 'mail-paced', at, subject: own, message, bucket, recipients, until, shadow: true },
    ]
  })
  return { ...after, began }
}

/** What left the window takes its tokens. */
async function charge(parts: Conducting, told: EventOf<'mail-let-go'>): Promise<void> {
  const { at, subject: own, payers, bucket, recipients: units, judgedSpam, byExit, person } = told
  const allowance = parts.records.allowanceOf(own)
  await parts.records.change(payers, at, found => {
    const before = found.map(one => parts.quiet.applied(one, allowance, at).record)
    const after = charged(before, { bucket, units, judgedSpam, byExit, person }, allowance, at)
    return {
      records: new Map(found.map(({ subject }, i) => [subject, after[i] as SubjectRecord])),
    }
  })
  for (const subject of payers) parts.quiet.forget(subject, at)
}

function opsOf(event: Event, { source, regular }: Observed): readonly Op[] {
  if (event.kind === 'delivery-done' && regular !== undefined && event.login !== undefined)
    return [regularsOp(regular, [event.login])]
  if (event.kind !== 'tx-commit' || !source || event.who.login === undefined) return []
  const address = event.facts.episode?.source?.address
  return address === undefined ? [] : [loginsOp(address, [event.who.login])]
}

async function addSign(
  parts: Conducting,
  { at }: Event,
  [subject, sign]: readonly [Subject, Observation],
): Promise<void> {
  const { steps } = await parts.records.change([subject], at, found => {
    const steps = found.map(one => stepOf(one, [sign], at))
    return { records: new Map(steps.map(one => [one.subject, one.state])), steps }
  })
  tell(parts, at, steps)
  await doDecided(parts, at, steps)
}

function tell(parts: Conducting, at: number, steps: readonly Step[], watched?: true): void {
  for (const { subject, decision, before, sum, z, suspicion, kinds } of steps) {
    if (decision === before) continue
    const nats = { sum, z, suspicion }
    const isOnlyWatched = watched && decision !== 'isolate'
    const shadow =
      isOnlyWatched || isShadow(parts, subject, { decision, kinds })
        ? { shadow: true as const }
        : {}
    const told = { at, subject, decision, before, ...nats, kinds, ...shadow }
    parts.note({ kind: 'episode-decided', ...told })
    const alarm = watched && watchedAlarm(told)
    if (alarm) parts.note(alarm)
  }
}

/** Of mail that Cordon only reads of: a line can be isolated; a login is stopped, and mail held, at the mail server, which does not ask. */
const watchedStep = (one: Step): Step[] =>
  kindOfSubject(one.subject) !== 'line'
    ? []
    : [one.decision === 'isolate' ? one : { ...one, decision: 'pace' as const }]

/** What is only told: a foreign address has no case, and its window is small. */
function isShadow(
  { inForce }: Conducting,
  subject: EpisodeSubject,
  { decision, kinds }: Pick<Step, 'decision' | 'kinds'>,
): boolean {
  if (!inForce || isSource(subject)) return true
  return decision === 'isolate' && inForce.isOnlyTold(kinds)
}

function keepWaiting(
  all: Conducting['waiting'],
  subject: EpisodeSubject,
  waiting: readonly ShadowWait[],
): void {
  all.delete(subject)
  if (waiting.length === 0) return
  all.set(subject, waiting)
}
