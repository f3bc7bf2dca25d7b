// Lines of any mail server's log into messages, logins and refusals, with what could not be read counted: a line that fits no grammar is never
// guessed at.

import type { LoggedAnswer, LoggedMail, LoggedSender } from '../../model/logged-mail.ts'
import type { LogLine } from '../../wire/log-lines/log-line.ts'
import { GRAMMARS } from './grammars/grammars.ts'
import type { Grammar, LogFact } from './log-fact.ts'
import { MessageTracker } from './message-tracker.ts'

export type MailLogEvents = {
  readonly mail: (mail: LoggedMail) => void
  readonly answer: (mail: LoggedMail, answer: LoggedAnswer, at: number) => void
  /** Of a message whose beginning was not read, or is forgotten. */
  readonly stray?: (id: string, answer: LoggedAnswer, at: number) => void
  /** `who`: of the message that was refused. */
  readonly refused: (
    fact: Extract<LogFact, { kind: 'refused' }>,
    at: number,
    who: LoggedSender | undefined,
  ) => void
  readonly auth: (fact: Extract<LogFact, { kind: 'auth' }>, at: number) => void
  /** Of a line that says something of a message that is open. */
  readonly said?: (who: LoggedSender, kind: LogFact['kind']) => void
}

export type Coverage = {
  lines: number
  /** In a frame that is known, by a program that is. */
  read: number
  /** By a program whose grammar it does not fit. */
  unread: number
  /** In no known frame. */
  frameless: number
  /** Of other programs. */
  others: number
  /** Under the name of a mail program, and the journal says that another wrote it. */
  foreign: number
  /** Messages that the syslog daemon says it lost. */
  lost: number
  from: number
  until: number
  /** Spans without a line, ms, of at least `GAP` after so many lines in a span of that length. */
  missing: number
  zoneKnown: boolean
}

/** ms without a line that are told of … [est] */
const GAP = 30 * 60_000
/** … where at least so many lines came in as long a time before. [est] */
const BUSY = 500

/** Characters of a text that a grammar is asked about; a longer one is counted as not read. Postfix cuts its lines at 2,000, syslog at 8 KiB or sooner. */
export const LONGEST_TEXT = 4096

const REPEATED = /^(?:message repeated (\d+) times: \[ ?(.*)\]|last message repeated (\d+) times)$/
const LOST =
  /(?:imuxsock|imjournal).*?(?:lost|dropped|discarded) (\d+) messages|(\d+) messages lost due to rate-limiting|Suppressed (\d+) messages/

export class MailLogReader {
  readonly #events: MailLogEvents
  readonly #tracker: MessageTracker
  readonly #byProgram = new Map<string, Written>()
  #before: LogLine | undefined
  /** Lines of the span of `GAP` that runs, and of the one before. */
  #latelyFrom = 0
  #lately = 0
  #before30 = 0
  readonly coverage: Coverage = {
    lines: 0,
    read: 0,
    unread: 0,
    frameless: 0,
    others: 0,
    foreign: 0,
    lost: 0,
    from: Infinity,
    until: 0,
    missing: 0,
    zoneKnown: true,
  }

  constructor(events: MailLogEvents) {
    this.#events = events
    this.#tracker = new MessageTracker(events)
  }

  get spilled(): number {
    return this.#tracker.spilled
  }

  get unjoined(): number {
    return this.#tracker.unjoined
  }

  get rejoined(): number {
    return this.#tracker.rejoined
  }

  /** The sender that the line is about, where it is known. */
  take(line: LogLine | undefined): LoggedSender | undefined {
    this.coverage.lines++
    if (!line) {
      this.coverage.frameless++
      return undefined
    }
    this.#covers(line)
    if (line.text.length > LONGEST_TEXT) {
      this.coverage.unread++
      return undefined
    }
    const lost = line.program.startsWith('rsyslogd') || line.program.startsWith('systemd-journal')
    if (lost) this.coverage.lost += lostIn(line.text)
    const repeated = line.text.includes(' repeated ') ? REPEATED.exec(line.text) : null
    if (repeated) return this.#again(line, repeated)
    this.#before = line
    return this.#read(line)
  }

  /** ms since 1970: when the oldest of those messages began that were not told of yet. */
  oldestUntold(): number | undefined {
    return this.#tracker.oldestUntold()
  }

  end(): void {
    this.#tracker.end()
  }

  /** The daemon wrote a line once for several: of logins each counts, a message has one of each of its lines. */
  #again(line: LogLine, [, inLine, text, alone]: RegExpExecArray): LoggedSender | undefined {
    const again = text === undefined ? this.#before : { ...line, text }
    const times = Math.min(1000, Number(inLine ?? alone))
    if (!again) return undefined
    let who: LoggedSender | undefined
    for (let i = 0; i < times; i++) who = this.#read({ ...again, at: line.at })
    return who
  }

  #read(line: LogLine): LoggedSender | undefined {
    const written = this.#writtenBy(line.program)
    const { grammar } = written
    if (!grammar) {
      this.coverage.others++
      return undefined
    }
    if (line.foreign) {
      this.coverage.foreign++
      return undefined
    }
    const fact = grammar.read(line)
    if (fact === undefined) {
      this.coverage.unread++
      return undefined
    }
    this.coverage.read++
    if (fact === 'nothing') return undefined
    written.facts++
    const id = 'id' in fact ? fact.id : undefined
    const before = this.#tracker.whoOf(id)
    if (fact.kind === 'refused') this.#events.refused(fact, line.at, before)
    if (fact.kind === 'auth') this.#events.auth(fact, line.at)
    this.#tracker.take(fact, line.at, line.pid)
    return before ?? this.#tracker.whoOf(id)
  }

  /** Lines that said something of mail, by the mail system that wrote them. */
  programs(): ReadonlyMap<Grammar['name'], number> {
    const all = new Map<Grammar['name'], number>()
    for (const { grammar, facts } of this.#byProgram.values())
      if (grammar && facts > 0) all.set(grammar.name, (all.get(grammar.name) ?? 0) + facts)
    return all
  }

  #writtenBy(program: string): Written {
    const known = this.#byProgram.get(program)
    if (known) return known
    const found = { grammar: GRAMMARS.find(one => one.isOf(program)), facts: 0 }
    if (this.#byProgram.size < MOST_PROGRAMS) this.#byProgram.set(program, found)
    return found
  }

  #covers({ at, zoneKnown }: LogLine): void {
    const { coverage } = this
    if (!zoneKnown) coverage.zoneKnown = false
    if (at - coverage.until > GAP && Math.max(this.#lately, this.#before30) >= BUSY)
      coverage.missing += at - coverage.until
    if (at - this.#latelyFrom > GAP) {
      this.#before30 = at - this.#latelyFrom > 2 * GAP ? 0 : this.#lately
      this.#lately = 0
      this.#latelyFrom = at
    }
    this.#lately++
    if (at < coverage.from) coverage.from = at
    if (at > coverage.until) coverage.until = at
  }
}

type Written = { readonly grammar: Grammar | undefined; facts: number }

const MOST_PROGRAMS = 1000

function lostIn(text: string): number {
  const found = LOST.exec(text)
  return Number(found?.[1] ?? found?.[2] ?? found?.[3] ?? 0)
}
