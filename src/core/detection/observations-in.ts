// What evidence by episodes observes in an event, and of whom: pure, from what was recorded in the event, live and in replay.
// Not here: what follows from it (episodes/step.ts).

import { sourceSubject, type EpisodeSubject, type SourceSubject } from '../../model/episode.ts'
import { fnv1a } from '../../model/fnv-1a.ts'
import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { Event, EventOf } from '../../model/event.ts'
import { isLine, lineOf, loginOf, type Subject, type Unit } from '../../model/evidence.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import type { KindOfSubject } from './episodes/state.ts'
import type { Observation } from './episodes/step.ts'
import { TRAP_NATS } from './episodes/tables.ts'

/** A foreign address is a subject from so many logins on, or where its network is new to the login. [proto] */
const MANY_LOGINS = 3

export type WhomOf = {
  /** Fed in any case, the sender's own first: a login before the line. */
  readonly subjects: readonly Subject[]
  /** A foreign address; `always`: whatever its network is to the login. */
  readonly source?: { readonly subject: SourceSubject; readonly always: boolean }
  /** Of a login away from its line. */
  readonly network?: number
  /** Cordon only reads of its mail in a log. */
  readonly watched?: true
}

export type Observed = WhomOf & {
  readonly of: (kind: KindOfSubject) => readonly Observation[]
  /** A new recipient's own server has taken a message that is not judged spam. */
  readonly acceptedBy?: string
  /** People that the login knows took its mail from that foreign address. */
  readonly regular?: string
}

const RELEASED: readonly Observation[] = [{ kind: 'released' }]

/** Undefined for most events: they say nothing of mail. */
export function observationsIn(event: Event): Observed | undefined {
  switch (event.kind) {
    case 'tx-commit':
      return feeds(event.facts) ? { ...whomOf(event.facts), of: messageOf(event) } : undefined
    case 'delivery-done':
    case 'delivery-failed':
      return answerOf(event)
    case 'word-given':
      return wordOf(event)
    case 'incident-changed':
    case 'incident-opened':
      return event.released ? { subjects: [event.subject], of: () => RELEASED } : undefined
    default:
      return undefined
  }
}

/** "It was not me" adds nothing to what is known: it stops the login. */
function wordOf({ at, subject, said, recipients = 0, until = at }: EventOf<'word-given'>) {
  if (said === 'not-me') return undefined
  const seen: Observation =
    said === 'was-me' ? { kind: said } : { kind: said, recipients, lasts: until - at }
  return { subjects: [subject], of: () => [seen] }
}

/** The subjects that it may feed: for each of them the order of events is kept. */
export function episodeSubjects(event: Event): readonly EpisodeSubject[] {
  const observed = observationsIn(event)
  if (observed) return [...observed.subjects, ...(observed.source ? [observed.source.subject] : [])]
  switch (event.kind) {
    case 'protocol-violation':
      return event.subjects
    case 'password-circulates':
      return [loginOf(event.login)]
    case 'complaint-received':
      return event.subjects ?? []
    case 'mail-let-go':
      return event.payers
    case 'egress-attempt':
    case 'traffic-seen': {
      const { sure, subscriber } = event.who
      return sure === 'certain' && subscriber !== undefined ? [lineOf(subscriber)] : []
    }
    default:
      return []
  }
}

/**
 * What the access network showed of a line what others complain of and passwords in circulation bring their own nats, and so does a trap that was written to as to a list: it says that the
 * recipients were not the sender's own, and proves no spam. Where an outsider may have led to it, it is no sign.
 */
export const signsIn = (units: readonly Unit[]): readonly (readonly [Subject, Observation])[] =>
  units.flatMap(({ subject, kinds, cell, nats }): (readonly [Subject, Observation])[] => {
    if (cell === 'report/complaint') return [[subject, { kind: 'sign', sign: 'reports', nats }]]
    if (cell.startsWith('password/'))
      return [[subject, { kind: 'sign', sign: 'authentication', nats }]]
    if (kinds.includes('network')) return [[subject, { kind: 'sign', sign: 'network', nats }]]
    if (cell !== 'message/trap') return []
    return [[subject, { kind: 'sign', sign: 'recipients', nats: TRAP_NATS }]]
  })

export const feeds = ({ exempt, subjects }: MessageFacts): boolean => !exempt && subjects.length > 0

export const kindOfSubject = (subject: EpisodeSubject): KindOfSubject =>
  subject.slice(0, subject.indexOf(':')) as KindOfSubject

/** Whom a message is about, as its facts say. */
export function whomOf({ subjects, watched, episode = {} }: MessageFacts): WhomOf {
  const { login, source, network } = episode
  const own = login === undefined ? subjects : [...subjects, loginOf(login)]
  return {
    subjects: own.toSorted((a, b) => Number(isLine(a)) - Number(isLine(b))),
    ...(network === undefined ? {} : { network }),
    ...(watched ? { watched } : {}),
    ...(source
      ? {
          source: {
            subject: sourceSubject(source.address),
            always: source.logins >= MANY_LOGINS,
          },
        }
      : {}),
  }
}

function messageOf({ facts, correspondents, held }: EventOf<'tx-commit'>): Observed['of'] {
  const { recipients, firstTime: firstTimers, episode = {} } = facts
  const judged = saysOf(facts)
  const paced = judged !== 'spam' && pacedAs(facts) === 'spam' ? { pacedAsSpam: true as const } : {}
  const people = correspondents.length > 0 ? { people: correspondents.map(key => fnv1a(key)) } : {}
  const whether = held ? { held } : {}
  const seen = {
    kind: 'message',
    recipients,
    firstTimers,
    ...people,
    judged,
    ...paced,
    ...whether,
  } as const
  const { network, source } = episode
  return kind => {
    if (kind === 'login' && network !== undefined) return [{ ...seen, network }]
    return [kind === 'source' ? { ...seen, regulars: source?.regulars ?? 0 } : seen]
  }
}

/**
 * What the other server said in the end. Answers to replies count nothing: the sender of what was answered chose where the answer goes. A
 * refusal as spam counts where the domain takes other people's mail, once a day.
 */
function answerOf(
  event: EventOf<'delivery-done'> | EventOf<'delivery-failed'>,
): Observed | undefined {
  const { facts, recipient } = event
  const said = saidIn(event)
  if (!facts || !feeds(facts) || facts.answer || !said) return undefined
  const { recipients, firstTime, episode = {} } = facts
  const toFirstTimer =
    firstTime > 0 && (firstTime >= recipients || episode.newTo?.includes(recipient) === true)
  const answer = { kind: 'answer', toFirstTimer, said } as const
  const isSure = event.kind !== 'delivery-done' || !event.perhapsRelayed
  const proves = said === 'taken' && isSure && judgedOf(facts) !== 'spam'
  const { network, source } = episode
  const isProper = proves && !toFirstTimer && network !== undefined
  return {
    ...whomOf(facts),
    ...(proves && toFirstTimer ? { acceptedBy: organisationalDomain(domainOf(recipient)) } : {}),
    ...(isProper && source ? { regular: source.address } : {}),
    of: kind => (kind === 'login' && isProper ? [answer, { kind: 'proper', network }] : [answer]),
  }
}

function saidIn(event: EventOf<'delivery-done'> | EventOf<'delivery-failed'>) {
  if (event.kind === 'delivery-done') return 'taken'
  const { permanent, result, takesMail, again } = event
  if (!permanent) return undefined
  if (result === 'unknown-user') return 'no-such-user'
  return result === 'spam-refused' && takesMail !== false && !again ? 'refused-as-spam' : undefined
}

/** That the built-in signs found nothing says nothing; and a program that answers by itself quotes what an outsider wrote. */
export function judgedOf({ content, signsOnly, answer, episode }: MessageFacts) {
  if (answer && episode?.automatic) return 'unseen'
  return signsOnly && content === 'clean' ? 'unseen' : content
}

/** What else a message to a trap says is no evidence of another kind: an outsider may have written the text that it quotes. */
const saysOf = (facts: MessageFacts) => (facts.trapped ? 'unseen' : judgedOf(facts))

/** For the window: to what is judged spam those are new, too, whom its sender has written to for the first time today. */
export const pacedFirstTimers = (facts: MessageFacts): number => {
  const { recipients, firstTime, episode } = facts
  const met = pacedAs(facts) === 'spam' ? (episode?.met ?? 0) : 0
  return Math.min(recipients, firstTime + met)
}

/**
 * As what the window paces it: as a filter judged it, though a program says that it answers by itself. A message that cannot be read to its
 * end may be made so, and goes to new people as if it were judged spam. Neither counts anything by that: an outsider may have written it.
 * What is owed as an answer is not asked whether it can be read.
 */
export function pacedAs(facts: MessageFacts) {
  const { content, damaged = [], firstTime, answer } = facts
  if (content === 'spam') return 'spam'
  const isHidden = damaged.length > 0 && firstTime > 0 && answer === undefined
  return isHidden ? 'spam' : judgedOf(facts)
}
