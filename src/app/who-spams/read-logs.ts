// The logs of one or several files, oldest line first as they are given, through reader and weighing.

import type { Coverage } from '../../sensors/mail-log/mail-log-reader.ts'
import { MailLogReader } from '../../sensors/mail-log/mail-log-reader.ts'
import type { Grammar } from '../../sensors/mail-log/log-fact.ts'
import type { LoggedMail, LoggedSender } from '../../model/logged-mail.ts'
import { type Numbered, readLog } from '../../wire/log-lines/read-log.ts'
import type { LeaseTable } from './lease-table.ts'
import { isCalled } from './names.ts'
import { type Example, Senders } from './senders.ts'

export type LogsRead = {
  readonly senders: Senders
  readonly coverage: Coverage
  readonly spilled: number
  readonly rejoined: number
  /** Messages of this machine that have the Message-ID of another, counted by themselves. */
  readonly unjoined: number
  /** Wrong passwords, by client address, most first. */
  readonly guessers: readonly (readonly [address: string, times: number])[]
  readonly programs: readonly Grammar['name'][]
}

export type LogsAsked = {
  /** ms since 1970: a stamp without a year is of the last twelve months. */
  readonly now: number
  /** ms since 1970: what is older is learned from, not weighed. */
  readonly since: number
  /** Lines of this sender are all kept, up to a thousand. */
  readonly explain?: string
  /** A client is the customer who had its address then. */
  readonly leases?: LeaseTable
  readonly progress?: (file: string, bytes: number) => void
}

const EXAMPLES = 3
const EXPLAINED = 1000
const MOST_GUESSERS = 50_000
const SPAM = /spam|junk|bulk|surbl|uribl|5\.7\.1 .*(?:score|unsolicited)/i

/** Lines through reader and weighing, as they come. */
export class LogsReading {
  readonly #senders: Senders
  readonly #explained: Example[] = []
  readonly #explain: string | undefined
  readonly #guessed = new Map<string, number>()
  readonly #reader: MailLogReader
  readonly #leases: LeaseTable | undefined
  /** Clients that are a customer, by message: its lines come at several times. */
  readonly #lines = new WeakMap<LoggedSender, LoggedSender>()
  /** Of the line that was read last: without a zone it is not known when it was. */
  #now: { readonly at: number; readonly zoneKnown: boolean } = { at: 0, zoneKnown: false }

  constructor({ since, explain, leases }: Pick<LogsAsked, 'since' | 'explain' | 'leases'>) {
    const senders = new Senders(since)
    this.#senders = senders
    this.#explain = explain
    this.#leases = leases
    this.#reader = new MailLogReader({
      mail: mail => senders.mail(this.#ofCustomer(mail)),
      answer: (mail, answer, at) => senders.later(this.#ofCustomer(mail), answer, at),
      refused: ({ message, words }, at, who) => {
        if (message && who && SPAM.test(words)) senders.stopped(this.#whose(who, at), at)
      },
      auth: ({ ok, address, times }) => {
        if (!ok) this.#guesses(address, times)
      },
    })
  }

  take({ line, raw, number }: Numbered, file: string): void {
    if (line) this.#now = line
    const found = this.#reader.take(line)
    if (!found) return
    const who = this.#whose(found, this.#now.at)
    const example = { file, number, raw }
    // Lines of a message come before it is weighed, and its sender with it.
    if (this.#explain === undefined || !isCalled(who, this.#explain))
      keep(this.#senders, who, example)
    else if (this.#explained.length < EXPLAINED) this.#explained.push(example)
  }

  /** So far. */
  read(): LogsRead {
    const reader = this.#reader
    return {
      senders: this.#senders,
      coverage: reader.coverage,
      spilled: reader.spilled,
      rejoined: reader.rejoined,
      unjoined: reader.unjoined,
      guessers: [...this.#guessed].toSorted((a, b) => b[1] - a[1]),
      programs: [...reader.programs()].toSorted((a, b) => b[1] - a[1]).map(([name]) => name),
    }
  }

  /** Nothing comes any more. */
  end(): LogsRead {
    this.#reader.end()
    const explain = this.#explain
    if (explain !== undefined)
      for (const one of this.#senders.all())
        if (isCalled(one.who, explain)) one.examples.push(...this.#explained)
    return this.read()
  }

  #ofCustomer(mail: LoggedMail): LoggedMail {
    if (!this.#leases) return mail
    const who = this.#whose(mail.who, mail.at)
    return who === mail.who ? mail : { ...mail, who }
  }

  #whose(who: LoggedSender, at: number): LoggedSender {
    if (!this.#leases || who.kind !== 'address' || !this.#now.zoneKnown) return who
    const before = this.#lines.get(who)
    if (before) return before
    const customer = this.#leases.customerOf(who.name, at)
    const found: LoggedSender = customer === undefined ? who : { kind: 'line', name: customer }
    this.#lines.set(who, found)
    return found
  }

  #guesses(address: string, times: number): void {
    const guessed = this.#guessed
    if (guessed.size >= MOST_GUESSERS && !guessed.has(address)) return
    guessed.set(address, (guessed.get(address) ?? 0) + times)
  }
}

/** Throws what reading a file throws, with its path. */
export async function readLogs(files: readonly string[], asked: LogsAsked): Promise<LogsRead> {
  const reading = new LogsReading(asked)
  await readInto(reading, files, asked)
  return reading.end()
}

/** From their beginning to their end, and no more is said of messages that are still open. */
export async function readInto(
  reading: LogsReading,
  files: readonly string[],
  { now, progress }: Pick<LogsAsked, 'now' | 'progress'>,
): Promise<void> {
  for (const file of files)
    await readLog(file, {
      now,
      ...(progress ? { progress: bytes => progress(file, bytes) } : {}),
      line: one => reading.take(one, file),
    })
}

function keep(senders: Senders, who: LoggedSender, example: Example): void {
  const one = senders.of(who)
  if (!one) return
  // The latest: these are what the operator will find in the queue.
  one.examples.push(example)
  if (one.examples.length > EXAMPLES) one.examples.shift()
}

/** ms since 1970 of the latest line; undefined: none has a known frame. */
export async function lastLineOf(file: string, now: number): Promise<number | undefined> {
  let last: number | undefined
  await readLog(file, {
    now,
    line: ({ line }) => {
      if (line && line.at > (last ?? 0)) last = line.at
    },
  })
  return last
}
