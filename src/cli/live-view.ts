// The live view in a terminal: sums rising towards their thresholds, and the last events. Plain lines when it is no
// terminal, one for everything a person would want to hear about.

import type { Event } from '../model/event.ts'
import type { Subject } from '../model/evidence.ts'
import { harmless, when } from './table.ts'

export type LiveView = { take(event: Event): void; close(): void }

/** Says a subject as people know it: `line:1021` as "vera's line". */
export type Renaming = (words: string) => string
export const asIs: Renaming = words => words

const WORDS: Readonly<Record<string, string>> = {
  isolate: 'line isolated',
  'stop-login': 'login stopped',
  hold: 'mail with evidence held',
  suspend: 'suspended',
  'redirect-25': 'port 25 redirected',
  watch: 'watched',
}

/** What would be shown as 0.0. */
const LEAST_SHOWN = 0.05

/** One event as a line for people; undefined for events that are only counted. */
export function lineOf(event: Event): string | undefined {
  const line = wordsOf(event)
  return line === undefined ? undefined : harmless(line)
}

function wordsOf(event: Event): string | undefined {
  switch (event.kind) {
    case 'incident-changed':
    case 'incident-opened':
      // Why, before what is done about it: a near-certain sign decides below every threshold.
      return event.status === 'contained'
        ? `${event.subject}  case ${event.caseCode}: ${event.summary}`
        : undefined
    case 'evidence-weighed':
      // Nothing is added by more of the same.
      if (event.nats < LEAST_SHOWN) return undefined
      return `${event.subject}  +${event.nats.toFixed(1)} = ${event.sum.toFixed(1)} of ${event.containAt.toFixed(1)}  ${event.why}`
    case 'decision-made':
      return `${event.subject}  ${WORDS[event.what]}`
    case 'decision-observed':
      return `${event.subject}  would be decided: ${event.what} (observed only)`
    case 'decision-ended':
      return event.endedBy === 'stronger'
        ? undefined
        : `${event.subject}  over: ${WORDS[event.what]} (${event.endedBy})`
    case 'action-done':
      return `${event.driver}  ${event.prefix} ${event.state}${event.failed ? `: FAILED, ${event.failed}` : ''}`
    case 'notice-sent':
      return `notice "${event.notice}" to ${event.to}`
    case 'abuse-reported':
      return `report of abuse to ${event.contact}, about ${event.addresses.join(', ')}`
    case 'order-given':
      return `order by ${event.actor}: ${event.order} ${event.target}: ${event.outcome.text}`
    case 'alarm-raised':
      return `ALARM ${event.alarm}: ${event.about} says ${event.words}`
    case 'judged':
      if (event.verdict === 'hold')
        return `${event.who.login ?? event.who.address}  message held (${event.reason})`
      return `${event.who.login ?? event.who.address}  ${event.verdict} at ${event.stage}: ${event.rule}${event.observed ? ' (observed only)' : ''}`
    default:
      return undefined
  }
}

export function plainView(print: (line: string) => void, named: Renaming): LiveView {
  return {
    take: event => {
      const line = lineOf(event)
      if (line !== undefined) print(`${when(event.at).slice(11)}  ${named(line)}`)
    },
    close: () => undefined,
  }
}

/** The last lines; one that is said again stands once, at its last time, with how often it was said. */
class LastLines {
  readonly #lines = new Map<string, { readonly time: string; readonly times: number }>()

  add(time: string, text: string): void {
    const times = (this.#lines.get(text)?.times ?? 0) + 1
    this.#lines.delete(text)
    this.#lines.set(text, { time, times })
    const [oldest] = this.#lines.keys()
    if (this.#lines.size > MOST_LINES && oldest !== undefined) this.#lines.delete(oldest)
  }

  last(count: number): readonly string[] {
    if (count <= 0) return []
    return [...this.#lines]
      .slice(-count)
      .map(([text, { time, times }]) => `${time}  ${times > 1 ? `${times} times: ` : ''}${text}`)
  }
}

/** More than any terminal has rows. */
const MOST_LINES = 500

type SubjectRow = { sum: number; hold: number; contain: number; status: string; why: string }
const REFRESH = 200

/**
 * Redraws the screen five times a second; the alternate screen, so that the shell is as it was afterwards. `head`: lines that stand above all
 * others, the first of them the title.
 */
export function terminalView(
  out: NodeJS.WriteStream,
  head: readonly string[],
  named: Renaming,
): LiveView {
  const rows = new Map<Subject, SubjectRow>()
  const lines = new LastLines()
  // Not with NO_COLOR, nor where there are none.
  const paint = (code: number, text: string) =>
    out.hasColors() ? `\x1b[${code}m${text}\x1b[0m` : text
  const counts = { messages: 0, delivered: 0, held: 0, contained: 0, released: 0 }
  out.write('\x1b[?1049h\x1b[?25l')
  const draw = () => {
    const width = Math.max(60, out.columns ?? 80)
    const height = Math.max(20, out.rows ?? 24)
    // Two empty lines, and the counts.
    const room = height - head.length - 3
    const top = [...rows].sort((a, b) => b[1].sum - a[1].sum).slice(0, Math.floor(room / 2))
    const fits = (line: string) => line.slice(0, width)
    const screen = [
      ...head.map((line, i) => (i === 0 ? paint(1, fits(line)) : fits(line))),
      fits(
        `taken ${counts.messages}   delivered ${counts.delivered}   held ${counts.held}   contained ${counts.contained}   released ${counts.released}`,
      ),
      '',
      ...top.map(([subject, row]) => bar(named(subject), row, { width, paint })),
      '',
      ...lines.last(room - top.length).map(fits),
    ]
    out.write(`\x1b[H${screen.map(line => `${line}\x1b[K`).join('\n')}\x1b[J`)
  }
  const timer = setInterval(draw, REFRESH)
  return {
    take: event => {
      if (event.kind === 'tx-commit' && event.listener !== 'internal') counts.messages++
      if (event.kind === 'delivery-done') counts.delivered++
      if (event.kind === 'judged' && event.verdict === 'hold') counts.held++
      if (
        event.kind === 'decision-made' &&
        (event.what === 'isolate' || event.what === 'stop-login')
      )
        counts.contained++
      if (event.kind === 'evidence-weighed') {
        const before = rows.get(event.subject)
        rows.set(event.subject, {
          sum: event.sum,
          hold: event.holdAt,
          contain: event.containAt,
          status: before?.status ?? 'watched',
          why: event.why,
        })
      }
      if (event.kind === 'incident-opened' || event.kind === 'incident-changed') {
        const row = rows.get(event.subject)
        if (row)
          Object.assign(row, {
            status: event.status,
            ...(event.status === 'probation' ? { sum: 0 } : {}),
          })
        if (event.status === 'probation') counts.released++
      }
      const line = lineOf(event)
      if (line !== undefined) lines.add(when(event.at).slice(11), named(line))
    },
    close: () => {
      clearInterval(timer)
      out.write('\x1b[?25h\x1b[?1049l')
    },
  }
}

const [RED, GREEN, YELLOW] = [31, 32, 33]

/** `vera's line  ██████░░│░░░│  12.1  held`: the marks are where mail waits and where it is contained. */
type Painted = { readonly width: number; readonly paint: (code: number, text: string) => string }

function bar(subject: string, row: SubjectRow, { width, paint }: Painted): string {
  const cells = Math.min(30, width - 50)
  const full = Math.max(row.contain * 1.15, row.sum)
  const at = (value: number) => Math.min(cells - 1, Math.floor((value / full) * cells))
  const colour = row.status === 'contained' ? RED : row.status === 'probation' ? GREEN : YELLOW
  const drawn = Array.from({ length: cells }, (_, i) => {
    if (i === at(row.hold) || i === at(row.contain)) return '│'
    return i < (row.sum / full) * cells ? '█' : '░'
  }).join('')
  const text = `${row.sum.toFixed(1).padStart(5)}  ${row.status.padEnd(9)}  ${harmless(row.why)}`
  return `${subject.padEnd(26).slice(0, 26)} ${paint(colour, drawn)} ${text.slice(0, width - cells - 28)}`
}
