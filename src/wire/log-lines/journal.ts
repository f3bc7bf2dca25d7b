// Lines of systemd's journal: `journalctl -o json`, and `-o export` (systemd.io/JOURNAL_EXPORT_FORMATS), whose fields are collected
// until the empty line. A message with bytes that are no text is an array of numbers, or a length and the bytes.

import type { LogLine } from './log-line.ts'

/** A line of `-o json`. */
export function journalJson(line: string): LogLine | undefined {
  let fields: unknown
  try {
    fields = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof fields !== 'object' || fields === null) return undefined
  const entries = Object.entries(fields).map(([key, value]) => [key, textOf(value)] as const)
  return lineOf(new Map(entries.filter((one): one is [string, string] => one[1] !== undefined)))
}

/** An array of strings is a field that came several times: the first counts. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  if (value.every(one => typeof one === 'number')) return Buffer.from(value).toString('utf8')
  const [first] = value as unknown[]
  return typeof first === 'string' ? first : undefined
}

/** Fields of one entry; `_SOURCE_REALTIME_TIMESTAMP` and `__REALTIME_TIMESTAMP` are µs since 1970. */
export function lineOf(fields: ReadonlyMap<string, string>): LogLine | undefined {
  const text = fields.get('MESSAGE')
  const time = fields.get('_SOURCE_REALTIME_TIMESTAMP') ?? fields.get('__REALTIME_TIMESTAMP') ?? ''
  if (text === undefined || !/^\d{1,17}$/.test(time)) return undefined
  return {
    at: Math.floor(Number(time) / 1000),
    zoneKnown: true,
    host: fields.get('_HOSTNAME') ?? '',
    program: fields.get('SYSLOG_IDENTIFIER') ?? fields.get('_COMM') ?? '',
    pid: fields.get('SYSLOG_PID') ?? fields.get('_PID') ?? '',
    text,
    ...(isForeign(fields) ? { foreign: true } : {}),
  }
}

/** Programs of mail systems, as the kernel knows them. */
const WRITERS =
  /^(?:smtpd?|qmgr|oqmgr|nqmgr|cleanup|pickup|local|virtual|lmtp|pipe|error|discard|bounce|trivial-rewrite|master|anvil|scache|tlsmgr|tlsproxy|postscreen|dnsblog|verify|proxymap|showq|flush|spawn|postlogd|postfix|exim4?|dovecot|log|anvil|auth|config|sendmail\S*|sm-\S+|opensmtpd)$/
const UNITS =
  /^(?:postfix|exim|dovecot|sendmail|sm-|opensmtpd|smtpd)[\w@.:\\-]*\.(?:service|scope)$/
/** From here on numbers are people's. */
const FIRST_PERSON = 1000

/** By what the journal itself knows of the writer, and no writer can say. Nothing known: as in a file. */
function isForeign(fields: ReadonlyMap<string, string>): boolean {
  const unit = fields.get('_SYSTEMD_UNIT')
  if (unit !== undefined) return !UNITS.test(unit)
  const [name, user] = [fields.get('_COMM'), fields.get('_UID')]
  if (name !== undefined && !WRITERS.test(name)) return true
  return user !== undefined && Number(user) >= FIRST_PERSON
}

/** What a field of `-o export` begins with: then all that follows is of this form. */
export const isExport = (start: Uint8Array): boolean =>
  Buffer.from(start.subarray(0, 9)).toString('latin1') === '__CURSOR='

/** Entries of `-o export`, fed with bytes as they come. */
export class JournalExport {
  #left: Buffer = Buffer.alloc(0)
  #fields = new Map<string, string>()

  feed(chunk: Uint8Array): LogLine[] {
    const bytes = this.#left.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#left, chunk])
    const found: LogLine[] = []
    let from = 0
    for (;;) {
      const end = bytes.indexOf(10, from)
      if (end < 0) break
      const next = this.#field(bytes, from, end, found)
      if (next === undefined) break
      from = next
    }
    this.#left = bytes.subarray(from)
    // An entry without an end is no entry.
    if (this.#left.length > LONGEST) this.#left = Buffer.alloc(0)
    return found
  }

  end(): LogLine[] {
    return this.#entry()
  }

  /** Where the next field begins; undefined: its bytes are not all there. */
  #field(bytes: Buffer, from: number, end: number, found: LogLine[]): number | undefined {
    if (end === from) {
      found.push(...this.#entry())
      return end + 1
    }
    const equals = bytes.indexOf(61, from)
    if (equals >= 0 && equals < end) {
      this.#put(bytes.toString('latin1', from, equals), bytes.subarray(equals + 1, end))
      return end + 1
    }
    if (bytes.length < end + 9) return undefined
    const length = Number(bytes.readBigUInt64LE(end + 1))
    if (length > LONGEST) return end + 1
    const until = end + 9 + length
    if (bytes.length < until + 1) return undefined
    this.#put(bytes.toString('latin1', from, end), bytes.subarray(end + 9, until))
    return until + 1
  }

  #put(name: string, value: Buffer): void {
    if (!this.#fields.has(name)) this.#fields.set(name, value.toString('utf8'))
  }

  #entry(): LogLine[] {
    const line = lineOf(this.#fields)
    const cursor = this.#fields.get('__CURSOR')
    this.#fields = new Map()
    if (!line) return []
    return [cursor === undefined ? line : { ...line, cursor }]
  }
}

/** Bytes of a field. */
const LONGEST = 1 << 20
