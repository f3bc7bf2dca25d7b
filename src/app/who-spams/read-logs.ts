// The logs of one or several files, oldest line first as they are given, through reader and weighing.

import type { Coverage } from '../../sensors/mail-log/mail-log-reader.ts'
import { MailLogReader } from '../../sensors/mail-log/mail-log-reader.ts'
import type { Grammar } from '../../sensors/mail-log/log-fact.ts'
import type { LoggedSender } from '../../model/logged-mail.ts'
import { readLog } from '../../wire/log-lines/read-log.ts'
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
  readonly progress?: (file: string, bytes: number) => void
}

const EXAMPLES = 3
const EXPLAINED = 1000
const MOST_GUESSERS = 50_000
const SPAM = /spam|junk|bulk|surbl|uribl|5\.7\.1 .*(?:score|unsolicited)/i

/** Throws what reading a file throws, with its path. */
export async function readLogs(
  files: readonly string[],
  { now, since, explain, progress }: LogsAsked,
): Promise<LogsRead> {
  const senders = new Senders(since)
  const explained: Example[] = []
  const guessed = new Map<string, number>()
  const reader = new MailLogReader({
    mail: mail => senders.mail(mail),
    answer: (mail, answer, at) => senders.later(mail, answer, at),
    refused: ({ message, words }, at, who) => {
      if (message && who && SPAM.test(words)) senders.stopped(who, at)
    },
    auth: ({ ok, address, times }) => {
      if (ok || (guessed.size >= MOST_GUESSERS && !guessed.has(address))) return
      guessed.set(address, (guessed.get(address) ?? 0) + times)
    },
  })
  for (const file of files) {
    await readLog(file, {
      now,
      ...(progress ? { progress: bytes => progress(file, bytes) } : {}),
      line: ({ line, raw, number }) => {
        const who = reader.take(line)
        if (!who) return
        const example = { file, number, raw }
        // Lines of a message come before it is weighed, and its sender with it.
        if (explain === undefined || !isCalled(who, explain)) keep(senders, who, example)
        else if (explained.length < EXPLAINED) explained.push(example)
      },
    })
  }
  reader.end()
  if (explain !== undefined)
    for (const one of senders.all()) if (isCalled(one.who, explain)) one.examples.push(...explained)
  return {
    senders,
    coverage: reader.coverage,
    spilled: reader.spilled,
    rejoined: reader.rejoined,
    unjoined: reader.unjoined,
    guessers: [...guessed].toSorted((a, b) => b[1] - a[1]),
    programs: [...reader.programs].toSorted((a, b) => b[1] - a[1]).map(([name]) => name),
  }
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
