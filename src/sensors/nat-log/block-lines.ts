// Lines of a NAT's log about blocks of ports, as the operator says how they read. Pure.

import { canonicalIp } from '../../model/ip.ts'
import { parseTime } from '../../model/time.ts'

export type BlockTemplates = {
  /**
   * With {inside}, {outside}, {first} and {last}, or {count} instead of {last}; {any} is any word. A block is allocated, is
   * still allocated, is released. `natLog.allocated`, a list by default: Juniper's, as of the other two.
   */
  readonly allocated: readonly string[]
  /** `natLog.active`, a list by default. */
  readonly active: readonly string[]
  /** `natLog.released`, a list by default. */
  readonly released: readonly string[]
}

export type Block = {
  readonly kind: 'allocated' | 'active' | 'released'
  readonly inside: string
  readonly outside: string
  readonly ports: readonly [number, number]
}

/** Reads lines as they are written there. Undefined for any other line. */
export function blockReader(templates: BlockTemplates): (line: string) => Block | undefined {
  const patterns = (['allocated', 'active', 'released'] as const).flatMap(kind =>
    templates[kind].map(template => ({ kind, pattern: patternOf(template) })),
  )
  return line => {
    for (const { kind, pattern } of patterns) {
      const groups = pattern.exec(line)?.groups
      const [inside, outside] = [groups?.['inside'], groups?.['outside']].map(
        text => text && canonicalIp(text),
      )
      const first = Number(groups?.['first'])
      const count = groups?.['count']
      const last = count === undefined ? Number(groups?.['last']) : first + Number(count) - 1
      if (inside && outside && first >= 0 && first <= last && last < 65_536)
        return { kind, inside, outside, ports: [first, last] }
    }
    return undefined
  }
}

const FIELDS: Readonly<Record<string, string>> = {
  // At most an IPv4 address in an IPv6 one: a line of dots and colons is looked at once.
  inside: '[0-9a-fA-F.:]{2,45}?',
  outside: '[0-9a-fA-F.:]{2,45}?',
  first: '\\d{1,5}',
  last: '\\d{1,5}',
  count: '\\d{1,5}',
}
/** A word of a line is not longer. */
const ANY = '\\S{1,64}?'

/** `template` with its fields in braces, as what finds it in a line. */
export function patternOf(template: string): RegExp {
  const source = template
    .split(/(\{(?:inside|outside|first|last|count|any)\})/)
    .map(part => {
      const name = part.slice(1, -1)
      if (part === '{any}') return ANY
      if (part.startsWith('{') && FIELDS[name]) return `(?<${name}>${FIELDS[name]})`
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s{1,20}')
    })
    .join('')
  return new RegExp(`${source}(?!\\d)`)
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** When a syslog line was written, by its writer's clock (RFC 5424; RFC 3164 in our time zone); undefined without a stamp. */
export function syslogStamp(line: string, now: number): number | undefined {
  const [, iso, month = '', day, hour, minute, second] =
    /^(?:<\d{1,3}>(?:1 )?)?(?:(\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d))|([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)) /.exec(
      line.slice(0, 64),
    ) ?? []
  if (iso !== undefined) return parseTime(iso)
  const number = MONTHS.indexOf(month) / 3
  if (month === '' || !Number.isInteger(number) || number < 0) return undefined
  const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second)]
  // It has no year: the one that brings it nearest to now.
  const year = new Date(now).getFullYear()
  const times = [year - 1, year, year + 1].map(y => new Date(y, number, d, h, m, s).getTime())
  return times.toSorted((a, b) => Math.abs(a - now) - Math.abs(b - now))[0]
}
