// The frames around a log line: RFC 3164 as rsyslog and postlogd write it, RFC 3339 stamps, RFC 5424, containers (`docker logs -t`,
// `docker compose logs`), the journal in JSON, and Exim's own file. Which one it is, is seen at each line: logs are put together.

import { journalJson } from './journal.ts'
import type { LogLine } from './log-line.ts'
import { type Stamp, Stamps } from './stamps.ts'

/** `name[12]: `; the name has no spaces and no colon. */
const TAG = /([^\s:[\]]{1,64})(?:\[(\d{1,10})\])?: ?/y
const FIVE =
  /^(?:<\d{1,3}>)1 (\S+) (\S+) (\S+) (\S+) \S+ (-|(?:\[(?:[^\]"\\]|"(?:[^"\\]|\\.)*")*\])+) ?/
const COMPOSE = /^[A-Za-z0-9][\w.-]{0,127} *\| /
/** Its own file (log_path): `Nov 27 21:57:09 imap-login: Info: …`, no host and no tag. */
const DOVECOT = /^(?:Debug|Info|Warning|Error|Fatal|Panic): /
const EXIM_PID = /^\[(\d{1,10})\] /
const EXIM_ZONE = /^[+-]\d{4} /

export class Frames {
  readonly #stamps: Stamps

  /** As of `Stamps`. */
  constructor(now: number | (() => number)) {
    this.#stamps = new Stamps(now)
  }

  /** Undefined: no frame fits. */
  read(line: string): LogLine | undefined {
    const first = line.charCodeAt(0)
    if (first === BRACE) return journalJson(line)
    if (first === LESS) return this.#five(line)
    if (first >= DIGIT_ZERO && first <= DIGIT_NINE) return this.#iso(line)
    const plain = this.#traditional(line)
    if (plain) return plain
    const prefix = COMPOSE.exec(line)?.[0]
    return prefix === undefined ? undefined : this.#inner(line.slice(prefix.length))
  }

  #inner(line: string): LogLine | undefined {
    const first = line.charCodeAt(0)
    if (first >= DIGIT_ZERO && first <= DIGIT_NINE) return this.#iso(line)
    return first === LESS ? this.#five(line) : this.#traditional(line)
  }

  /** RFC 5424 §6. */
  #five(line: string): LogLine | undefined {
    const found = FIVE.exec(line)
    if (!found) return this.#traditional(line.replace(/^<\d{1,3}>/, ''))
    const [all, when = '', host = '', program = '', pid = ''] = found
    const stamp = this.#stamps.read(when)
    if (!stamp) return undefined
    const text = line.slice(all.length).replace(/^\uFEFF/, '')
    return { ...stamp, host: orNone(host), program, pid: orNone(pid), text }
  }

  #traditional(line: string): LogLine | undefined {
    // `Nov 21 12:00:01 `, also with a fraction.
    const end = line.indexOf(' ', 15)
    if (end < 0 || end > 22) return undefined
    const stamp = this.#stamps.read(line.slice(0, end))
    return stamp && tagged(line, end + 1, stamp)
  }

  #iso(line: string): LogLine | undefined {
    const end = line.charCodeAt(10) === SPACE ? line.indexOf(' ', 11) : line.indexOf(' ')
    if (end < 19 || end > 40) return undefined
    if (line.charCodeAt(10) === SPACE) return this.#exim(line, end)
    const stamp = this.#stamps.read(line.slice(0, end))
    if (!stamp) return undefined
    const rest = line.slice(end + 1)
    // A container's stamp before a line that has one of its own: the container's has a zone.
    const inner = rest.charCodeAt(3) === SPACE ? this.#traditional(rest) : undefined
    return inner ? { ...inner, ...stamp } : tagged(line, end + 1, stamp)
  }

  #exim(line: string, end: number): LogLine | undefined {
    let from = end + 1
    const zone = EXIM_ZONE.exec(line.slice(from, from + 6))?.[0] ?? ''
    from += zone.length
    const stamp = this.#stamps.read(`${line.slice(0, end)}${zone && ` ${zone.trim()}`}`)
    if (!stamp) return undefined
    const [whole = '', pid = ''] = EXIM_PID.exec(line.slice(from, from + 16)) ?? []
    return { ...stamp, host: '', program: 'exim', pid, text: line.slice(from + whole.length) }
  }
}

const [BRACE, LESS, SPACE, DIGIT_ZERO, DIGIT_NINE, COLON] = [0x7b, 0x3c, 0x20, 0x30, 0x39, 0x3a]

const orNone = (field: string): string => (field === '-' ? '' : field)

/** `host tag[pid]: text` from there on. */
function tagged(line: string, from: number, { at, zoneKnown }: Stamp): LogLine | undefined {
  const end = line.indexOf(' ', from)
  if (end < 0) return undefined
  if (line.charCodeAt(end - 1) === COLON && DOVECOT.test(line.slice(end + 1)))
    return { at, zoneKnown, host: '', program: 'dovecot', pid: '', text: line.slice(from) }
  TAG.lastIndex = end + 1
  const found = TAG.exec(line)
  if (!found) return undefined
  const [all, program = '', pid = ''] = found
  const text = line.slice(end + 1 + all.length)
  return { at, zoneKnown, host: line.slice(from, end), program, pid, text }
}
