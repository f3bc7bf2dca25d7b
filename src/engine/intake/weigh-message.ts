// What a message says for infection: before it is kept, to know whether it has to wait, and after that, when it is added up.

import { weigh } from '../../core/detection/weigh.ts'
import { lastHolding, mailVerdict } from '../../core/isolation/mail-verdict.ts'
import { waitsFor } from '../../core/isolation/waits-for.ts'
import { allShinglesOf } from '../../mail/shingles.ts'
import type { Reading } from '../../model/counter.ts'
import type { Decision } from '../../model/decision.ts'
import type { EventOf, NewEvent } from '../../model/event.ts'
import type { Subject, Unit } from '../../model/evidence.ts'
import type { Verdict } from '../../model/verdict.ts'
import { countTraps } from '../evidence/traps.ts'
import type { Message } from './examine.ts'
import { isListRun } from './list-runs.ts'
import type { SubmitParts } from './submit-parts.ts'

type Commit = Extract<NewEvent, { kind: 'tx-commit' }>

/** The event of a message that is taken, and its evidence. */
export type Weighed = { readonly event: Commit; readonly units: readonly Unit[] }

export async function weighMessage(
  parts: Pick<SubmitParts, 'cases' | 'counters'>,
  message: Message,
  readings: readonly Reading[],
): Promise<Weighed> {
  const { facts } = message
  const perSubject = facts.content === 'spam' ? 2 : 1
  const lastHour = Object.fromEntries(
    facts.subjects.map((subject, i) => [subject, readings[i * perSubject]?.value ?? 0]),
  )
  const toStrangers = readings.slice(facts.subjects.length * perSubject)
  const asToList = new Set(
    facts.trapped?.filter((subject, i) => isListRun(toStrangers[i]?.value, lastHour[subject] ?? 0)),
  )
  const event = { ...commitOf(message, lastHour), ...(await trapTexts(parts, message, asToList)) }
  return { event, units: unitsOf(message, event) }
}

/** The evidence of the message as one more in the hour, before it is counted. */
export function unitsBefore(message: Message): readonly Unit[] {
  const lastHour = Object.fromEntries(
    Object.entries(message.history.hour).map(([subject, before]) => [subject, before + 1]),
  )
  return unitsOf(message, commitOf(message, lastHour))
}

const unitsOf = ({ id }: Message, event: Commit): readonly Unit[] => weigh({ ...event, id, seq: 0 })

/** What the decisions that are in force now mean for it; a rule's own verdict where they mean nothing. */
export function verdictUnder(
  parts: Pick<SubmitParts, 'cases'>,
  { tx, facts }: Message,
  { units, judged }: Pick<Weighed, 'units'> & { readonly judged: Verdict },
): Verdict {
  const inForce = decisionsOn(parts, facts.subjects)
  const held = mailVerdict(mostOf(units), inForce, tx.at)
  if (held.kind !== 'hold') return judged
  const help = holdWords(parts, lastHolding(inForce), units)
  return { ...held, ...(help === undefined ? {} : { help }) }
}

/** Which case, and what of the message said most: a burst has no nats in the queue. A trap's name is for the case, not for this. */
function holdWords(
  { cases }: Pick<SubmitParts, 'cases'>,
  decision: Decision | undefined,
  units: readonly Unit[],
): string | undefined {
  const most = mostOf(units)
  const why = units.find(({ nats }) => nats === most)?.why
  if (!decision || why === undefined) return undefined
  return `${waitsFor(cases.open(decision.subject)?.caseCode, decision)}: ${why}`
}

const mostOf = (units: readonly Unit[]): number =>
  units.reduce((found, { nats }) => Math.max(found, nats), 0)

/** How many were sent before it says nothing about this message: a purge or a release must not go by that. */
export const natsOf = (units: readonly Unit[]): number =>
  mostOf(units.filter(({ cell }) => cell !== 'volume/burst'))

function commitOf(message: Message, lastHour: EventOf<'tx-commit'>['lastHour']): Commit {
  const { tx, facts, step, summary } = message
  return {
    kind: 'tx-commit',
    at: tx.at,
    who: step.who,
    session: tx.session,
    message: message.id,
    listener: tx.listener,
    sender: message.sender,
    correspondents: message.correspondents,
    size: summary.size,
    fingerprint: summary.fingerprint,
    facts,
    lastHour,
    usual: message.history.usual,
    ...(message.trapped ? { traps: message.trapped.addresses } : {}),
  }
}

async function trapTexts(
  parts: Pick<SubmitParts, 'cases' | 'counters'>,
  { tx, id, facts, summary, trapped }: Message,
  asToList: ReadonlySet<Subject>,
): Promise<Pick<EventOf<'tx-commit'>, 'trapTexts' | 'trapAlone'>> {
  if (!trapped) return {}
  return countTraps(parts, tx.at, {
    ...trapped,
    asToList,
    text: summary.fingerprint || id,
    shingles: allShinglesOf(summary.text),
    epochs: new Map(facts.trapped?.map(subject => [subject, parts.cases.epoch(subject)])),
  })
}

export const decisionsOn = (
  { cases }: Pick<SubmitParts, 'cases'>,
  subjects: readonly Subject[],
): Decision[] => subjects.flatMap(subject => [...cases.inForce(subject)])
