// One log, followed: its lines become messages and answers, which are told to the engine one after the other; and how far that is, is written
// down behind it. After a restart it is read again from where the oldest message began that was not told of: what was told already counts once.

import type { LoggedAnswer, LoggedMail } from '../../model/logged-mail.ts'
import { maskIp } from '../../model/ip.ts'
import type { Engine } from '../../ports/engine.ts'
import type { MailHeard } from '../../ports/mail-heard.ts'
import type { Records } from '../../ports/records.ts'
import { LocalStamps } from '../../wire/log-lines/local-stamps.ts'
import type { LogLine } from '../../wire/log-lines/log-line.ts'
import { heardAnswer, heardMail, type LogSetup } from './heard-of.ts'
import type { LogFact } from './log-fact.ts'
import type { LogSource, LogPosition, PlacedLine } from './log-source.ts'
import { type Coverage, MailLogReader } from './mail-log-reader.ts'

/** How far a log was read. */
export type LogRow = {
  readonly id: string
  readonly place: LogPosition
  /** Lines behind the place that were told of. */
  readonly told: number
}

export type FollowedMailParts = LogSetup & {
  readonly zone: string | undefined
  readonly program: string | undefined
  readonly source: LogSource
  readonly heard: MailHeard
  readonly report: Engine['report']
  readonly rows: Records<LogRow>
  readonly now: () => number
}

type TellOne = () => Promise<void>
type Mark = { readonly at: number; readonly place: LogPosition; readonly lines: number }

/** Places that a restart may go back to: one is made at most this often (ms) … */
const MARKED_EVERY = 1000
/** … and so many are kept. */
const MOST_MARKS = 1000

export class FollowedMail {
  readonly #parts: FollowedMailParts
  readonly #reader: MailLogReader
  readonly #stamps: LocalStamps | undefined
  /** Not told yet: what could not be told is told again. */
  #waiting: TellOne[] = []
  #marks: Mark[] = []
  #place: LogPosition | undefined
  #lines = 0
  /** Lines that come again after a restart. */
  #again: number
  #zoneKnown = true
  #isClosing = false

  constructor(parts: FollowedMailParts) {
    this.#parts = parts
    const before = parts.rows.get(parts.source.name)
    this.#place = before?.place
    this.#again = before?.told ?? 0
    this.#stamps = parts.zone === undefined ? undefined : new LocalStamps(parts.zone)
    this.#reader = new MailLogReader({
      mail: mail => this.#mail(mail),
      answer: (mail, answer, at) => this.#later(mail, answer, at),
      stray: (id, answer, at) => this.#later({ id, at }, answer, at),
      refused: () => undefined,
      auth: (fact, at) => this.#auth(fact, at),
    })
  }

  get coverage(): Coverage {
    return this.#reader.coverage
  }

  /** Reads and tells what has come since. Rejects where the engine could not take it: then the same is told again. */
  async look(): Promise<void> {
    await this.#tell()
    for (let more = true; more && !this.#isClosing; ) {
      const some = await this.#parts.source.next()
      if (some.lines.length > 0) this.#take(some.lines)
      await this.#tell()
      if (some.lines.length > 0 || this.#begins()) await this.#save()
      more = some.more
    }
  }

  /** Whether it is known now where it begins. */
  #begins(): boolean {
    if (this.#place !== undefined) return false
    this.#place = this.#parts.source.place()
    return this.#place !== undefined
  }

  /** A look that is under way ends soon. */
  stop(): void {
    this.#isClosing = true
  }

  #take(lines: readonly PlacedLine[]): void {
    const [first] = lines
    this.#mark(this.#moment(first?.line).at)
    for (const { line, place } of lines) {
      const moment = this.#moment(line)
      this.#zoneKnown = moment.zoneKnown
      if (line && !this.#isWanted(line)) this.#reader.coverage.others++
      else this.#reader.take(line && { ...line, ...moment })
      this.#place = place
      this.#lines++
      if (this.#again > 0) this.#again--
    }
  }

  /** In front of the lines that come. */
  #mark(at: number): void {
    const last = this.#marks.at(-1)
    if (this.#place === undefined || (last && at - last.at < MARKED_EVERY)) return
    this.#marks.push({ at, place: this.#place, lines: this.#lines })
    if (this.#marks.length > MOST_MARKS) this.#marks.shift()
  }

  #isWanted({ program }: LogLine): boolean {
    const wanted = this.#parts.program
    return wanted === undefined || program.startsWith(wanted)
  }

  /** When it was. What has no zone is as of now; what is ahead of our clock, too. */
  #moment(line: LogLine | undefined): { readonly at: number; readonly zoneKnown: boolean } {
    const now = this.#parts.now()
    if (!line) return { at: now, zoneKnown: this.#zoneKnown }
    const { at, zoneKnown } = line.zoneKnown || !this.#stamps ? line : this.#stamps.read(line.at)
    return { at: zoneKnown ? Math.min(at, now) : now, zoneKnown }
  }

  #mail(mail: LoggedMail): void {
    const { heard } = this.#parts
    const told = heardMail(mail, this.#zoneKnown, this.#parts)
    if (!told) return
    const at = this.#parts.now()
    const answers = mail.answers.flatMap(one => heardAnswer(one, at) ?? [])
    this.#waiting.push(() => heard.message(told, answers))
  }

  #later(about: Pick<LoggedMail, 'id' | 'at'>, answer: LoggedAnswer, at: number): void {
    const told = heardAnswer(answer, at)
    const { id } = about
    if (told) this.#waiting.push(() => this.#parts.heard.later({ id, at: about.at }, told))
  }

  #auth({ address, ok }: Extract<LogFact, { kind: 'auth' }>, at: number): void {
    if (ok || this.#again > 0) return
    const { report, realm, source } = this.#parts
    report({
      kind: 'link-auth',
      at,
      session: source.name,
      listener: 'submission',
      who: { realm, address, port: 0, sure: this.#zoneKnown ? 'unknown' : 'ambiguous' },
      ok: false,
      network: maskIp(address),
    })
  }

  async #tell(): Promise<void> {
    for (let [next] = this.#waiting; next; [next] = this.#waiting) {
      await next()
      this.#waiting.shift()
    }
  }

  async #save(): Promise<void> {
    const { rows, source } = this.#parts
    const place = this.#place
    if (place === undefined) return
    const oldest = this.#reader.oldestUntold()
    const from = oldest === undefined ? undefined : this.#markBefore(oldest)
    const row = {
      id: source.name,
      place: from?.place ?? place,
      told: this.#lines - (from?.lines ?? this.#lines),
    }
    await rows.change(source.name, () => row)
  }

  #markBefore(at: number): Mark | undefined {
    const index = this.#marks.findLastIndex(one => one.at <= at)
    // What is older is not read again.
    if (index > 0) this.#marks.splice(0, index)
    return this.#marks[0]
  }
}
