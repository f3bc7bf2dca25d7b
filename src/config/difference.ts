// What is different between two configurations, for people: key by key, a line each. Secrets are never shown, people (customers, their
// lines and addresses) only as counts. Pure.

import { same } from './differs.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../model/duration.ts'
import { type Path, placeInWords } from './complaint.ts'
import { isSecret, schemaAt, unwrap } from './schema-complaints.ts'
import type { Config } from './schema.ts'

/** `text` begins with the place: `strangers.greylist.delay: 5m → 10m`. */
export type Difference = { readonly key: keyof Config; readonly text: string }

/** Names of one line; the others are a number. */
const NAMED = 5
const LONGEST = 60

/** Whom these are about is not written down with every reload. */
const COUNTED: ReadonlySet<string> = new Set([
  'subscribers',
  'leases',
  'forwards',
  'mailboxes',
  'traps',
])

/** The ledger has them from the file, and from elsewhere: what others told of as well stays there. */
const KEPT: Readonly<Record<string, string>> = {
  subscribers: 'customers of whom a feed or an import told, too, stay',
  leases: 'an address that an access server has given out anew stays given',
}

/** In the order of the configuration's reference. */
export function differenceOf(before: Config, after: Config): readonly Difference[] {
  const keys = Object.keys({ ...after, ...before }) as (keyof Config)[]
  return keys.flatMap(key => linesOf([key], before[key], after[key]).map(text => ({ key, text })))
}

function linesOf(path: Path, before: unknown, after: unknown): string[] {
  if (same(before, after)) return []
  const place = placeInWords(path)
  if (isSecret(path)) return [`${place}: changed (secret)`]
  const counted = COUNTED.has(place)
  if (isSection(before) && isSection(after) && !counted)
    return Object.keys({ ...before, ...after }).flatMap(key =>
      linesOf([...path, key], before[key], after[key]),
    )
  if (isSection(before ?? {}) && isSection(after ?? {}) && !counted)
    return [
      `${place}: ${before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'}`,
    ]
  if (isMany(before) && isMany(after)) return [`${place}: ${ofMany(path, before, after)}`]
  return [`${place}: ${shown(path, before)} → ${shown(path, after)}`]
}

type Section = Readonly<Record<string, unknown>>
const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isMany = (value: unknown): value is readonly unknown[] | Section =>
  typeof value === 'object' && value !== null

/** Entries of a list or of a section with free names: which came, went, or changed. */
function ofMany(path: Path, before: readonly unknown[] | Section, after: typeof before): string {
  const [old, now] = [byName(before), byName(after)]
  const came = [...now.keys()].filter(name => !old.has(name))
  const gone = [...old.keys()].filter(name => !now.has(name))
  const changed = [...now].flatMap(([name, one]) =>
    old.has(name) && !same(old.get(name), one) ? [name] : [],
  )
  const place = placeInWords(path)
  if (COUNTED.has(place) || [...came, ...gone, ...changed].some(isPrivate)) {
    const kept = gone.length > 0 ? KEPT[place] : undefined
    const counted = counts(came.length, gone.length, changed.length)
    return kept === undefined ? counted : `${counted} (${kept})`
  }
  const parts = [
    ...(came.length > 0 ? [`+ ${listed(came)}`] : []),
    ...(gone.length > 0 ? [`− ${listed(gone)}`] : []),
    ...(changed.length > 0 ? [`changed ${listed(changed)}`] : []),
  ]
  return parts.length > 0 ? parts.join('; ') : 'in another order'
}

const counts = (came: number, gone: number, changed: number) =>
  came + gone + changed === 0
    ? 'in another order'
    : `+${came} −${gone}${changed > 0 ? `, ${changed} changed` : ''}`

function listed(names: readonly string[]): string {
  const more = names.length - NAMED
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Several of one name are told apart by their place. */
function byName(many: readonly unknown[] | Section): ReadonlyMap<string, unknown> {
  if (isSection(many)) return new Map(Object.entries(many))
  const found = new Map<string, unknown>()
  for (const [i, one] of many.entries()) {
    const name = nameOf(one, i)
    found.set(found.has(name) ? `${name} (#${i + 1})` : name, one)
  }
  return found
}

/** What an entry is known by: what it is called, where it listens, or whose it is. */
export function nameOf(one: unknown, i: number): string {
  if (!isSection(one)) return word(one)
  const { id, name, kind, address, host, port, prefix, realm, ports, subscriber, chain, zone } = one
  if (prefix !== undefined) return [realm, prefix, ports, subscriber].join(' ')
  if (kind !== undefined) return `${word(kind)} ${word(address)} port ${word(port)}`
  const known = id ?? name ?? host ?? address ?? chain ?? zone
  return known === undefined ? `#${i + 1}` : word(known)
}

const word = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

/** An address of a person, or of a server with a password in it. */
const isPrivate = (text: string) => text.includes('@')

function shown(path: Path, value: unknown): string {
  if (value === undefined) return 'none'
  if (typeof value === 'object') return 'a list'
  if (typeof value === 'number' && isDuration(path)) return spanned(value)
  const text = word(value)
  if (isPrivate(text)) return 'an address'
  // What is behind the host of a URL may be a token.
  const origin = /^(https?:\/\/[^/?#]+)./.exec(text)?.[1]
  const short = origin === undefined ? text : `${origin}/…`
  return short.length > LONGEST ? `${short.slice(0, LONGEST)}…` : short || '""'
}

/** Written as text and read as a number: only durations are. */
const isDuration = (path: Path): boolean =>
  (unwrap(schemaAt(path)) as { def?: { type?: string } } | undefined)?.def?.type === 'string'

const UNITS = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
] as const

/** Exactly, unlike `formatDuration`: two spans that differ must not look alike. */
function spanned(ms: number): string {
  const unit = UNITS.find(([, size]) => ms > 0 && ms % size === 0)
  return unit ? `${ms / unit[1]}${unit[0]}` : ms === 0 ? '0s' : `${ms}ms`
}
