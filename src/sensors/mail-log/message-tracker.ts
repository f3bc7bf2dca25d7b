// Lines of a log put together into messages, by queue ids. A message is told of once: when every recipient was tried once, when it is removed, or
// when there is no room for it. What becomes of its deferred recipients later is told of when it is said.

import { HOUR } from '../../model/duration.ts'
import { isLoopback } from '../../model/ip.ts'
import type { LoggedAnswer, LoggedMail, LoggedSender } from '../../model/logged-mail.ts'
import { isBeside } from './beside.ts'
import type { LogFact } from './log-fact.ts'
import { answered, answerOf, loggedMail, newMail, type OpenMail } from './open-mail.ts'

export type Tracked = {
  readonly mail: (mail: LoggedMail) => void
  /** A later answer for a recipient that had to wait. */
  readonly answer: (mail: LoggedMail, answer: LoggedAnswer, at: number) => void
  /** An answer of a message whose beginning was not read, or is forgotten. */
  readonly stray?: (id: string, answer: LoggedAnswer, at: number) => void
}

type LoggedSession = { at: number; address?: string; login?: string; user?: string }

const MOST_OPEN = 50_000
const MOST_SESSIONS = 20_000
/** ms after which the number of a process, without a word of it, may be another's. [est] */
const SESSION_LASTS = HOUR

export class MessageTracker {
  readonly #open = new Map<string, OpenMail>()
  readonly #sessions = new Map<string, LoggedSession>()
  /** What strangers can write too: it joins nothing, and is only told of. */
  readonly #byMessageId = new Map<string, OpenMail>()
  /** Ended, and may yet be what came back from a filter: the line that says so comes after it. */
  readonly #ended = new Map<string, OpenMail>()
  readonly #tracked: Tracked
  readonly #most: number
  /** Told of before their end, because too many were open at once. */
  spilled = 0
  /** Messages that came back from a filter. */
  rejoined = 0
  /** Messages of this machine, or beside it, that have the Message-ID of another that is open, and no line of this server that joins them. */
  unjoined = 0

  constructor(tracked: Tracked, most = MOST_OPEN) {
    this.#tracked = tracked
    this.#most = most
  }

  /** `pid`: of the process that wrote the line. */
  take(fact: LogFact, at: number, pid = ''): void {
    if (this.#ended.size > 0) this.#waited(at)
    switch (fact.kind) {
      case 'begun':
        return this.#begins(fact, at, this.#sessionAt(pid, at))
      case 'session':
        return this.#session(fact, at)
      case 'of-session':
        return this.#ofSession(fact.session, fact.id, at)
      case 'message-id':
        return this.#messageId(fact.id, fact.messageId)
      case 'queued':
        return this.#queued(fact)
      case 'delivery':
        return this.#delivery(fact, at)
      case 'removed':
        return this.#removed(fact.id, at)
      case 'dropped':
        return this.#forget(fact.id)
      case 'refused':
        if (fact.id !== undefined && fact.message) this.#forget(fact.id)
        return undefined
      case 'auth':
        return undefined
    }
  }

  /** The login of a message that is open. */
  whoOf(id: string | undefined): LoggedSender | undefined {
    return id === undefined ? undefined : this.#open.get(id)?.who
  }

  /** ms since 1970: when the oldest of those began that were not told of yet. */
  oldestUntold(): number | undefined {
    for (const { told, parent, at } of this.#open.values()) if (!told && !parent) return at
    return undefined
  }

  /** At the end of the log. */
  end(): void {
    for (const id of this.#open.keys()) this.#ends(id)
  }

  #begins(fact: Extract<LogFact, { kind: 'begun' }>, at: number, session?: LoggedSession): void {
    // A short queue id is used again.
    this.#ends(fact.id)
    const mail = this.#opened(fact.id, at)
    const login = fact.login ?? (session?.address === fact.address ? session?.login : undefined)
    mail.address = fact.address
    mail.who = whoIs(fact, login)
    mail.sender = fact.sender
    mail.size = fact.size
    mail.recipients = fact.recipients ?? 0
  }

  #opened(id: string, at: number): OpenMail {
    if (this.#open.size >= this.#most) {
      const [oldest] = this.#open.keys()
      if (oldest !== undefined) {
        this.spilled++
        this.#ends(oldest)
      }
    }
    const mail = newMail(id, at)
    this.#open.set(id, mail)
    return mail
  }

  #sessionAt(session: string, at: number): LoggedSession | undefined {
    const found = this.#sessions.get(session)
    if (!found || Math.abs(at - found.at) > SESSION_LASTS) return undefined
    found.at = at
    return found
  }

  #session(
    { session, address, login, user, ended }: Extract<LogFact, { kind: 'session' }>,
    at: number,
  ): void {
    if (ended) {
      this.#sessions.delete(session)
      return
    }
    const before = this.#sessionAt(session, at)
    // An address, or a user, begins a session anew.
    const next: LoggedSession =
      address !== undefined
        ? { at, address }
        : user !== undefined
          ? { at, user }
          : { ...before, at }
    this.#sessions.delete(session)
    if (this.#sessions.size >= MOST_SESSIONS) {
      const [oldest] = this.#sessions.keys()
      if (oldest !== undefined) this.#sessions.delete(oldest)
    }
    this.#sessions.set(session, login === undefined ? next : { ...next, login })
  }

  #ofSession(session: string, id: string, at: number): void {
    const { address, login, user } = this.#sessions.get(session) ?? {}
    this.#begins(
      {
        kind: 'begun',
        id,
        ...(address === undefined ? {} : { address }),
        ...(login === undefined ? {} : { login }),
        ...(user === undefined ? {} : { user }),
      },
      at,
    )
  }

  #messageId(id: string, messageId: string): void {
    const mail = this.#open.get(id)
    if (!mail || messageId === '') return
    mail.messageId = messageId
    const before = this.#byMessageId.get(messageId)
    if (before && before !== mail && this.#open.get(before.id) === before && mayComeBack(mail)) {
      mail.isLike = true
      this.unjoined++
      return
    }
    this.#byMessageId.set(messageId, mail)
  }

  #join(mail: OpenMail, parent: OpenMail): void {
    if (mail.parent || mail === parent) return
    this.rejoined++
    if (mail.isLike) this.unjoined--
    parent.children++
    mail.parent = parent
    for (const [recipient, answer] of mail.answers)
      if (!parent.answers.has(recipient)) parent.answers.set(recipient, answer)
    if (this.#ended.has(mail.id)) this.#forget(mail.id)
  }

  #queued(fact: Extract<LogFact, { kind: 'queued' }>): void {
    const mail = this.#open.get(fact.id)
    if (!mail || mail.sender !== undefined) return
    mail.sender = fact.sender
    mail.size = fact.size
    mail.recipients = fact.recipients
  }

  #delivery(fact: Extract<LogFact, { kind: 'delivery' }>, at: number): void {
    const mail = this.#open.get(fact.id)
    if (!mail) {
      this.#tracked.stray?.(fact.id, answerOf(fact), at)
      return
    }
    if (fact.near !== undefined && fact.outcome === 'sent') {
      const next = this.#open.get(QUEUED_AS.exec(fact.words)?.[1] ?? '')
      if (next && cameBack(next, mail, fact.near)) this.#join(next, mail)
      if (next?.parent === mail || mail.children > 0) return
    }
    const about = mail.parent ?? mail
    const answer = answered(about, fact)
    if (!answer) return
    if (about.told) {
      const whole = loggedMail(about)
      if (whole) this.#tracked.answer(whole, answer, at)
    } else if (
      about.recipients > 0 &&
      about.answers.size >= about.recipients &&
      !mayComeBack(about)
    )
      this.#tell(about)
  }

  #tell(mail: OpenMail): void {
    if (mail.told || mail.parent) return
    mail.told = true
    const whole = loggedMail(mail)
    if (whole && whole.recipients > 0) this.#tracked.mail(whole)
  }

  #removed(id: string, at: number): void {
    const mail = this.#open.get(id)
    if (!mail || mail.parent || mail.told || !mayComeBack(mail)) return this.#ends(id)
    mail.endedAt = at
    this.#ended.set(id, mail)
  }

  #waited(at: number): void {
    for (const [id, { endedAt = 0 }] of this.#ended) {
      if (at - endedAt < ANSWERS_WITHIN && this.#ended.size <= MOST_ENDED) return
      this.#ends(id)
    }
  }

  #ends(id: string): void {
    const mail = this.#open.get(id)
    if (!mail) return
    // What it became after a filter is still being told.
    if (mail.answers.size > 0 || mail.children === 0) this.#tell(mail)
    this.#forget(id)
    if (mail.parent && mail.parent.children === 0) this.#tell(mail.parent)
  }

  #forget(id: string): void {
    const mail = this.#open.get(id)
    if (!mail) return
    this.#open.delete(id)
    this.#ended.delete(id)
    if (mail.parent) mail.parent.children--
    const { messageId } = mail
    if (messageId !== undefined && this.#byMessageId.get(messageId) === mail)
      this.#byMessageId.delete(messageId)
  }
}

function whoIs(
  { address, user, unsure }: Extract<LogFact, { kind: 'begun' }>,
  login: string | undefined,
): LoggedSender | undefined {
  if (unsure !== undefined) return { kind: 'unsure', name: unsure.toLowerCase() }
  if (login !== undefined) return { kind: 'login', name: login.toLowerCase() }
  if (user !== undefined) return { kind: 'user', name: user }
  return address === undefined ? undefined : { kind: 'address', name: address }
}

/** `queued as ID`: what the filter was told by this very server, and says on. */
const QUEUED_AS = /queued as ([0-9A-Za-z]{5,32})\b/
/** ms from the end of a message to the line that says where it came from. [est] */
const ANSWERS_WITHIN = 60_000
const MOST_ENDED = 5000

/** A filter has no login, and is on this machine or beside it; but so may customers be. */
const mayComeBack = ({ who, address = '' }: OpenMail): boolean =>
  who?.kind === 'address' && isBeside(address)

/** From where the message went, for no more recipients than it was for: what answers may be a server of a stranger. */
const cameBack = (mail: OpenMail, parent: OpenMail, filter: string): boolean =>
  mayComeBack(mail) &&
  mail.recipients <= Math.max(parent.recipients, 1) &&
  (mail.address === filter ||
    ((filter === 'socket' || isLoopback(filter)) && isLoopback(mail.address ?? '')))
