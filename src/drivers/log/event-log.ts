// The log: one JSON line for each event, under the event's own words, and one for each trouble inside. To a terminal,
// the same in plain text. What a message says, and what it weighed, is in the journal, not here.

import { destination, pino } from 'pino'
import { wordsOf } from '../../model/errors.ts'
import type { Event } from '../../model/event.ts'
import { ToldAgain } from './told-again.ts'

/** Bytes of lines that wait for the reader of standard output. Beyond that they are lost, and counted. */
const MAX_WAITING = 16 * 1024 * 1024

export const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LEVELS)[number]

export type Log = {
  readonly event: (event: Event) => void
  readonly trouble: (error: unknown, about: string) => void
}

/** Writes to standard output. A reader that goes away takes nothing else with it. */
export function openLog(level: LogLevel, write = toStandardOutput()): Log {
  const again = new ToldAgain(() => performance.now())
  const log = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    },
    write,
  )
  return {
    event: event => {
      const as = levelOf(event)
      // Most events are of a level that is not written.
      if (log.isLevelEnabled(as)) log[as](shown(event))
    },
    trouble: (error, about) => {
      const trace = traceOf(error)
      const unsaid = again.hear(`${about}\0${trace}`)
      if (unsaid === undefined) return
      log.error({ kind: 'trouble', about, error: trace, ...(unsaid > 0 && { unsaid }) })
    },
  }
}

function toStandardOutput(): { write(line: string): void } {
  if (process.stdout.isTTY) return { write: line => void process.stdout.write(plain(line)) }
  return linesTo(1)
}

/** Whole lines to an open file; Cordon does not wait for its reader, and the log says how many lines were lost so. */
export function linesTo(fd: number): { write(line: string): void } {
  const out = destination({ fd, sync: false, maxLength: MAX_WAITING })
  let lost = 0
  out.on('error', () => undefined)
  out.on('drop', () => lost++)
  out.on('drain', () => {
    if (lost === 0) return
    const error = `${lost} lines are lost: standard output was not read`
    const time = new Date().toISOString()
    lost = 0
    out.write(
      `${JSON.stringify({ level: 'error', time, kind: 'trouble', about: 'the log', error })}\n`,
    )
  })
  return out
}

function levelOf(event: Event): 'debug' | 'info' | 'warn' {
  const isShadow =
    (event.kind === 'episode-decided' && event.shadow) ||
    (event.kind === 'mail-paced' && event.shadow) ||
    (event.kind === 'mail-let-go' && event.waited === 0)
  if (event.kind === 'evidence-weighed' || event.kind === 'step-judged' || isShadow) return 'debug'
  const failed = event.kind === 'action-done' && event.failed !== undefined
  const asksForYou =
    event.kind === 'journal-gap' ||
    event.kind === 'episode-begun-anew' ||
    event.kind === 'steps-left-out' ||
    event.kind === 'alarm-raised'
  // Staff read the answer to an order at once; that of a signal stands here only.
  const refused = event.kind === 'order-given' && event.order === 'reload' && !event.outcome.done
  return failed || asksForYou || refused ? 'warn' : 'info'
}

/** The event without what is only for weighing; the time in it only where it is not now. */
function shown(event: Event): object {
  const { at: _at, seq: _seq, id: _id, ...rest } = event
  if (rest.kind === 'tx-commit') {
    const { facts, correspondents: _c, usual: _u, lastHour: _l, fingerprint: _f, ...kept } = rest
    return { ...kept, recipients: facts.recipients, content: facts.content }
  }
  if (rest.kind === 'delivery-failed') {
    const { facts: _facts, usual: _usual, ...kept } = rest
    return kept
  }
  if (rest.kind === 'delivery-done') {
    const { facts: _facts, ...kept } = rest
    return kept
  }
  // A time that is not now is one that people can read, too.
  if (rest.kind === 'decision-made' || rest.kind === 'mail-paced')
    return { ...rest, until: new Date(rest.until).toISOString() }
  return rest
}

const traceOf = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : wordsOf(error)

/** `10:02:03Z info  judged verdict=reject reason=relay-denied …`, from a JSON line. */
export function plain(line: string): string {
  const { level, time, kind, ...rest } = JSON.parse(line) as Record<string, unknown>
  const words = Object.entries(rest).map(([key, value]) => `${key}=${worded(value)}`)
  return `${String(time).slice(11, 19)}Z ${String(level).padEnd(5)} ${String(kind)} ${words.join(' ')}\n`
}

function worded(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const inner = Object.entries(value).map(([key, one]) => `${key}:${worded(one)}`)
    return `{${inner.join(' ')}}`
  }
  const text = String(value)
  return /^[^\s"={}]+$/.test(text) ? text : JSON.stringify(text)
}
