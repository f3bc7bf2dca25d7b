// What does this event mean? Pure: everything it needs was recorded in the event. Live and replay come here.
// Not here: the adding up (counters), what follows from a sum (core/isolation).

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { DAY } from '../../model/duration.ts'
import type { Event, EventOf } from '../../model/event.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import type { ResultClass } from '../../model/result-class.ts'
import {
  type EvidenceKind,
  lineOf,
  loginOf,
  type Subject,
  type Unit,
} from '../../model/evidence.ts'
import { domainOf } from '../../model/mail-address.ts'
import { maybeByOthers } from '../../model/protocol-violation.ts'
import {
  ANSWERED,
  AUTH_NOVEL_NETWORK,
  COMPLAINT,
  PASSWORD_AT_DECOY,
  PASSWORD_ON_LIST,
  PROTOCOL_VIOLATION,
  MESSAGE,
  type Novelty,
  type Result,
  TRAP,
  TRAP_LED,
  UNREADABLE,
  VOLUME_BURST,
  VOLUME_CROWD,
} from './evidence-table.ts'
import { nats } from './nats.ts'
import { NUMBERS } from './numbers.ts'
import { weighEgress, weighTraffic } from './signs/signs.ts'

/** The units of evidence in an event: none for most. Only units that say something are returned. */
export function weigh(event: Event): readonly Unit[] {
  switch (event.kind) {
    case 'tx-commit':
      return [
        ...trap(event),
        ...message(event),
        ...unreadable(event),
        ...crowd(event),
        ...burst(event),
      ]
    case 'delivery-failed':
      return answer(event)
    case 'link-auth':
      return authentication(event)
    case 'protocol-violation':
      return protocolViolation(event)
    case 'complaint-received':
      return complaint(event)
    case 'password-circulates':
      return [password(event)]
    case 'egress-attempt':
      return weighEgress(event)
    case 'traffic-seen':
      return weighTraffic(event)
    default:
      return []
  }
}

function message(event: EventOf<'tx-commit'>): Unit[] {
  const { facts } = event
  if (facts.exempt || facts.answer === 'owed') return []
  const name = messageCell(facts)
  const said = nats(MESSAGE[name])
  if (said === 0) return []
  // The text of an answer that an outsider led to may be the outsider's own, quoted.
  const led = facts.answer === 'led'
  const kinds: EvidenceKind[] =
    name.startsWith('spam') && !facts.trapped && !led ? ['content', 'recipients'] : ['recipients']
  const text = facts.repeated ? ', the same text again' : CONTENT[facts.content]
  const why = `${led ? 'answer' : 'message'} to ${people(facts)}${text}`
  return facts.subjects.map(subject => ({
    id: `${event.message}/${subject}`,
    subject,
    at: event.at,
    nats: said,
    kinds,
    cell: `message/${name}`,
    why,
    ...(led ? { onlyHolds: true } : {}),
  }))
}

/**
 * Such an address was never given out: the sender has it from a list, or from an outsider who put it into a Reply-To, a Cc, a
 * List-Unsubscribe or a form. So one trap is never certain by itself, and the same text to many traps, or texts of one template, are one.
 * Only a sender that sends as to a list (engine/intake/list-runs.ts) has it from one: the sender of a single message to a trap may have
 * been led where Cordon does not see it. What else such a message says is no evidence of another kind: an outsider may have written the
 * text it quotes, and may answer for its recipients.
 */
function trap(event: EventOf<'tx-commit'>): Unit[] {
  const { trapped = [], trapLed } = event.facts
  const week = Math.floor(event.at / NUMBERS.trapsWithin.value)
  return trapped.flatMap((subject): Unit[] => {
    const unit = {
      subject,
      at: event.at,
      kinds: ['recipients'] as const,
      ...(event.traps ? { forStaff: `${event.traps.join(', ')}, message ${event.message}` } : {}),
    }
    // A journal of before it was counted has no number here.
    const texts = event.trapTexts?.[subject] ?? 1
    if (texts === 0) return []
    if (trapLed || event.trapAlone?.includes(subject))
      return [
        {
          ...unit,
          // Once a week: an outsider can write every hour, and many of these would add up.
          id: `trap-led/${subject}/${week}`,
          nats: nats(TRAP_LED),
          cell: 'message/trap-led',
          why: 'message to an address that belongs to no person (a trap); an outsider may have led to it',
        },
      ]
    const certain = texts >= NUMBERS.certainTraps.value
    // Texts of one template have one number.
    const text = event.trapTexts ? `${week}/${texts}` : event.fingerprint || event.message
    return [
      {
        ...unit,
        id: `trap/${subject}/${text}`,
        nats: nats(TRAP),
        cell: 'message/trap',
        why: `message to an address that belongs to no person (a trap), as to a list${certain ? `: ${texts} different texts within a week` : ''}`,
        nearCertain: certain ? 'always' : 'with-another-kind',
      },
    ]
  })
}

/** Once a day: a person who passes a broken file on sends it to several. */
function unreadable({ at, facts }: EventOf<'tx-commit'>): Unit[] {
  const { damaged = [] } = facts
  if (facts.exempt || facts.answer === 'owed' || damaged.length === 0) return []
  const day = Math.floor(at / DAY)
  return facts.subjects.map(subject => ({
    id: `unreadable/${subject}/${day}`,
    subject,
    at,
    nats: nats(UNREADABLE),
    // No kind that agrees with another: a form, a forward or an answer passes on what an outsider wrote or uploaded.
    kinds: [],
    cell: 'message/unreadable',
    why: `message that cannot be read to its end (${damaged.join(', ')})`,
    ...(facts.answer === 'led' ? { onlyHolds: true } : {}),
  }))
}

/**
 * A later result adds only the difference to what its message has said already. Answers count nothing: the sender of the message that is
 * answered chose where the answer goes, and may run that server. Any server may call mail spam: that counts where the server takes the mail
 * of other customers, once a day and domain.
 */
function answer(event: EventOf<'delivery-failed'>): Unit[] {
  const { facts } = event
  const result = resultOf(event.result)
  if (!facts || facts.exempt || facts.answer || result === 'pending') return []
  const refused = result === 'spam-refused'
  if (refused && event.takesMail === false) return []
  const name = messageCell(facts)
  const more = nats(ANSWERED[`${name}/${result}`]) - nats(MESSAGE[name])
  if (more <= 0) return []
  const said = refused ? 'refused as spam' : 'no such user'
  const where = organisationalDomain(domainOf(event.recipient))
  const day = Math.floor(event.at / DAY)
  return facts.subjects.map(subject => ({
    id: refused ? `refused/${subject}/${where}/${day}` : `${event.message}/${subject}/${result}`,
    subject,
    at: event.at,
    nats: more,
    kinds: facts.trapped ? ['recipients'] : [refused ? 'refusals' : 'results'],
    cell: `answer/${name}/${result}`,
    why: `the other server says: ${said} (${event.code})`,
  }))
}

/**
 * Weighs a burst: more messages in an hour than `burstShare` of a usual day. At most one unit a day, because a busy hour is followed by busy
 * hours, for people too.
 */
function burst(event: EventOf<'tx-commit'>): Unit[] {
  const { burstFloor, burstShare } = NUMBERS
  if (event.facts.answer) return []
  return event.facts.subjects.flatMap((subject): Unit[] => {
    const sent = event.lastHour[subject] ?? 0
    const usual = event.usual[subject] ?? 0
    if (event.facts.exempt || sent < Math.max(burstFloor.value, usual * burstShare.value)) return []
    const day = Math.floor(event.at / DAY)
    return [
      {
        id: `burst/${subject}/${day}`,
        subject,
        at: event.at,
        nats: nats(VOLUME_BURST),
        kinds: ['volume'],
        cell: 'volume/burst',
        why: `${sent} messages within an hour, where ${Math.round(usual)} a day are expected`,
      },
    ]
  })
}

/**
 * Weighs one message to very many people: as a message it is one unit, however many it reaches. At most once a day, as a burst is: a club
 * writes two letters.
 */
function crowd({ at, facts, correspondents }: EventOf<'tx-commit'>): Unit[] {
  if (facts.exempt || facts.answer) return []
  // Asked at the end alone, another server says how many there are and not who.
  const unnamed = Math.max(0, facts.recipients - correspondents.length)
  const strangers = facts.firstTime + unnamed
  if (strangers < NUMBERS.manyPeople.value) return []
  const day = Math.floor(at / DAY)
  return facts.subjects.map(subject => ({
    id: `crowd/${subject}/${day}`,
    subject,
    at,
    nats: nats(VOLUME_CROWD),
    kinds: ['volume'],
    cell: 'volume/crowd',
    why: `one message to ${facts.recipients} recipients`,
  }))
}

/** A password used from a network its owner was never seen in. Says nothing about any line. */
function authentication(event: EventOf<'link-auth'>): Unit[] {
  if (!event.ok || event.atHome || !event.novelNetwork || event.who.login === undefined) return []
  const subject = loginOf(event.who.login)
  return [
    {
      id: `auth/${subject}/${event.network}/${Math.floor(event.at / DAY)}`,
      subject,
      at: event.at,
      nats: nats(AUTH_NOVEL_NETWORK),
      kinds: ['authentication'],
      cell: 'auth/novel-network',
      why: `login from ${event.network}, never seen before`,
    },
  ]
}

/** Once in that time of each: the same password is offered again and again. */
function password({ at, login, seen, address }: EventOf<'password-circulates'>): Unit {
  const subject = loginOf(login)
  const isOffered = seen === 'decoy'
  return {
    id: `password/${subject}/${seen}/${Math.floor(at / NUMBERS.passwordSeen.value)}`,
    subject,
    at,
    nats: nats(isOffered ? PASSWORD_AT_DECOY : PASSWORD_ON_LIST),
    kinds: ['authentication'],
    cell: isOffered ? 'password/at-decoy' : 'password/on-list',
    why: isOffered
      ? 'its right password was offered to a server that is none'
      : 'it is on a list of accounts whose passwords are in circulation',
    ...(address === undefined ? {} : { forStaff: `by ${address}` }),
  }
}

/** Others say that they got it: who may say so, and how often, was looked at when it came (engine/evidence/complaint-weight.ts). */
function complaint({ at, complaint, subjects = [] }: EventOf<'complaint-received'>): Unit[] {
  const { id, reporter = 'unknown', message, trust = 0 } = complaint
  if (trust <= 0) return []
  const less = trust < 1 ? ', of whose complaints some were unfounded' : ''
  return subjects.map(subject => ({
    id: `complaint/${subject}/${id}`,
    subject,
    at,
    nats: nats(COMPLAINT) * Math.min(1, trust),
    kinds: ['reports'],
    cell: 'report/complaint',
    why: 'another provider complains of it',
    forStaff: `${reporter}${less}${message === undefined ? '' : `, message ${message}`}`,
  }))
}

/** Only when it begins: a machine that does it every day is an old printer, no news. What others bring about agrees with no other kind. */
function protocolViolation(event: EventOf<'protocol-violation'>): Unit[] {
  const day = Math.floor(event.at / DAY)
  const byOthers = maybeByOthers(event.signs)
  return (event.novel ?? []).map(subject => ({
    id: `violations${byOthers ? '-by-others' : ''}/${subject}/${day}`,
    subject,
    at: event.at,
    nats: nats(PROTOCOL_VIOLATION),
    kinds: byOthers ? [] : ['network'],
    cell: 'session/protocol-violation',
    why: `speaks SMTP as no mail program does (${event.signs.join(', ')})`,
  }))
}

function messageCell(facts: MessageFacts): keyof typeof MESSAGE {
  const share = facts.recipients === 0 ? 0 : facts.firstTime / facts.recipients
  const novelty: Novelty =
    share === 0 ? 'known' : share < NUMBERS.mostlyNew.value ? 'some-new' : 'mostly-new'
  // A body that was counted already is no new evidence of content; its new strangers are new evidence.
  return `${facts.repeated ? 'unseen' : facts.content}/${novelty}`
}

/** As owners and the call centre read it. */
const CONTENT: Readonly<Record<MessageFacts['content'], string>> = {
  spam: ', a filter takes it for spam',
  // No sign: it is whom it goes to.
  clean: '',
  unseen: ', its content was not scanned',
}

function resultOf(result: ResultClass): Result {
  return result === 'unknown-user' || result === 'spam-refused' ? result : 'pending'
}

function people(facts: MessageFacts): string {
  const all = facts.recipients === 1 ? '1 recipient' : `${facts.recipients} recipients`
  return facts.firstTime === 0
    ? `${all}, all known`
    : `${all}, ${facts.firstTime} never written to before`
}

/** The subjects whose sums an action feeds: the line it came from, and the login if it was not used at its owner's home. */
export function subjectsOf(
  who: { sure: string; subscriber?: string; login?: string },
  owner: string | undefined,
): Subject[] {
  const subjects: Subject[] = []
  const atLine = who.sure === 'certain' && who.subscriber !== undefined
  if (atLine) subjects.push(lineOf(who.subscriber as string))
  const atHome = atLine && who.subscriber === owner
  if (who.login !== undefined && !atHome) subjects.push(loginOf(who.login))
  return subjects
}
