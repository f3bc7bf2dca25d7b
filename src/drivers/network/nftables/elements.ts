// Restrictions as elements of the router's sets, and back. Whose they are and why stands beside each element in the kernel, so
// that the router itself is the record of what is enforced: `nft list set inet cordon closed4_32` is for people, too. Pure.

import type { Restriction } from '../../../model/decision.ts'
import { formatIp, formatPrefix, parseIp, parsePrefix } from '../../../model/ip.ts'
import type { Held } from '../../../ports/network-control.ts'
import { KINDS, type SetKind, setName, TABLE } from './base-table.ts'

/** The kernel takes 128 bytes, its own framing included. */
const MAX_COMMENT = 100
/** Elements of one command: more at once is "Message too long". */
const PER_COMMAND = 2000

/** Undefined when it is no prefix, or when its mark is too long for the kernel. */
export function elementOf(entry: Restriction): { address: string; comment: string } | undefined {
  const prefix = parsePrefix(entry.prefix)
  const comment = [entry.subscriber, entry.decision ?? ''].map(encodeURIComponent).join(' ')
  if (!prefix || comment.length > MAX_COMMENT) return undefined
  return { address: formatIp(prefix), comment }
}

/** A table that an older Cordon has printed stands until it is loaded anew; it calls one kind of set `turned`. */
const FORMER_SET = 'turned'
const FORMER_NAME = /"turned[46]_/
const formerName: typeof setName = (kind, prefix) =>
  setName(kind, prefix).replace(/^redirect/, FORMER_SET)

/** What the sets are called in the table that `nft -j list table` has listed. */
export const namesIn = (json: string): typeof setName =>
  FORMER_NAME.test(json) ? formerName : setName

/** In which sets a restriction stands. */
export function setsOf({ state, walledGarden }: Restriction): readonly SetKind[] {
  switch (state) {
    case 'open':
      return ['expert']
    case 'named':
      return ['named']
    case 'redirect-25':
      return ['redirect']
    case 'closed':
    case 'isolated':
      return walledGarden ? ['closed', 'garden'] : ['closed']
    default:
      return state satisfies never
  }
}

/** The elements of a restriction in such a set: its address, or its address with each server it may reach. */
function keysIn(kind: SetKind, address: string, { destinations = [] }: Restriction): string[] {
  if (kind !== 'named') return [address]
  const six = address.includes(':')
  return destinations.filter(one => one.includes(':') === six).map(one => `${address} . ${one}`)
}

/**
 * One script that brings all of it about. Everything is first added and then deleted, because deleting what is not there fails a
 * whole script, and adding what is there does not change its time.
 */
export function scriptOf(
  { put, drop }: { readonly put: readonly Restriction[]; readonly drop: readonly Restriction[] },
  now: number,
  nameOf = setName,
): string {
  // Sets, because deleting the same twice fails, too.
  const gone = new Map<string, Set<string>>()
  const added = new Map<string, Set<string>>()
  const into = (map: Map<string, Set<string>>, set: string, element: string) => {
    const mine = map.get(set)
    if (mine) mine.add(element)
    else map.set(set, new Set([element]))
  }
  for (const entry of [...drop, ...put]) {
    const prefix = parsePrefix(entry.prefix)
    const element = elementOf(entry)
    if (!prefix || !element) continue
    for (const kind of KINDS)
      for (const key of keysIn(kind, element.address, entry)) into(gone, nameOf(kind, prefix), key)
  }
  for (const entry of put) {
    const prefix = parsePrefix(entry.prefix)
    const element = elementOf(entry)
    if (!prefix || !element) continue
    const left = entry.until === undefined ? undefined : Math.ceil((entry.until - now) / 1000)
    // What is over already is not put on again.
    if (left !== undefined && left <= 0) continue
    const timeout = left === undefined ? '' : ` timeout ${left}s`
    for (const kind of setsOf(entry))
      for (const key of keysIn(kind, element.address, entry))
        into(added, nameOf(kind, prefix), `${key}${timeout} comment "${element.comment}"`)
  }
  return [...statements('add', gone), ...statements('delete', gone), ...statements('add', added)]
    .map(one => `${one}\n`)
    .join('')
}

/** Added and deleted in one go, so that a script changes something in any case: see ForeignChanges. */
const TOUCHED = { 4: '0.0.0.0', 6: '::' } as const

/** Changes nothing, and is told by a monitor all the same. An address in no use, in a set where it says nothing. */
export const touchScript = (): string =>
  ['add', 'delete'].map(verb => `${verb} element inet ${TABLE} seen4 { ${TOUCHED[4]} }\n`).join('')

/** Replaces the prefixes whose port 25 is open and logged, in one transaction of nft. */
export function watchScript(prefixes: readonly string[]): string {
  return ([4, 6] as const)
    .flatMap(family => {
      const mine = prefixes.filter(one => one.includes(':') === (family === 6))
      const set = `inet ${TABLE} watched${family}`
      return [
        `flush set ${set}`,
        `add element ${set} { ${TOUCHED[family]} }`,
        `delete element ${set} { ${TOUCHED[family]} }`,
        ...(mine.length > 0 ? [`add element ${set} { ${mine.join(', ')} }`] : []),
      ]
    })
    .map(one => `${one}\n`)
    .join('')
}

function* statements(
  verb: 'add' | 'delete',
  sets: ReadonlyMap<string, ReadonlySet<string>>,
): Generator<string> {
  for (const [set, all] of sets) {
    const elements = [...all]
    for (let i = 0; i < elements.length; i += PER_COMMAND)
      yield `${verb} element inet ${TABLE} ${set} { ${elements.slice(i, i + PER_COMMAND).join(', ')} }`
  }
}

type SetListing = { readonly nftables: readonly { readonly set?: ListedSet }[] }
type ListedSet = { readonly name: string; readonly elem?: readonly unknown[] }

/**
 * What `nft -j list table inet cordon` says is in force; what Cordon did not put there belongs to no subscriber. What stands in sets that do not
 * belong together is in doubt: another program has emptied one of them, or has put the line into one.
 */
export function restrictionsIn({ nftables }: SetListing, realm: string, now: number): Held[] {
  const found = new Map<string, Restriction>()
  const standsIn = new Map<string, Map<SetKind, string>>()
  for (const { set } of nftables) {
    const [, name, family, bits] = /^([a-z]+)([46])_(\d+)$/.exec(set?.name ?? '') ?? []
    const kind = name === FORMER_SET ? 'redirect' : name
    if (!set || !KINDS.includes(kind as SetKind)) continue
    for (const one of set.elem ?? []) {
      const { val, to, expires, comment = '' } = unwrapped(one)
      const ip = parseIp(val)
      if (!ip || String(ip.family) !== family) continue
      const prefix = formatPrefix({ ...ip, bits: Number(bits) })
      const [subscriber = '', decision = ''] = comment.split(' ').map(decoded)
      const before = found.get(prefix)
      const stands = standsIn.get(prefix) ?? new Map<SetKind, string>()
      standsIn.set(prefix, stands.set(kind as SetKind, comment))
      const until = expires === undefined ? undefined : now + expires * 1000
      found.set(prefix, {
        realm,
        prefix,
        subscriber,
        state: kind === 'garden' ? (before?.state ?? 'isolated') : stateOf(kind as SetKind),
        walledGarden: kind === 'garden' || before?.walledGarden === true,
        ...(to === undefined ? {} : { destinations: [...(before?.destinations ?? []), to] }),
        ...(decision === '' ? {} : { decision }),
        ...(until === undefined ? {} : { until }),
      })
    }
  }
  return [...found].map(([prefix, entry]) => ({ ...entry, ...doubtOf(standsIn.get(prefix)) }))
}

/** Of an entry that is not whole, by what is written beside it in each set. */
function doubtOf(standsIn: ReadonlyMap<SetKind, string> = new Map()): Partial<Held> {
  const kinds = [...standsIn.keys()]
  const isWhole =
    kinds.length === 1
      ? !standsIn.has('garden')
      : kinds.length === 2 && standsIn.has('closed') && standsIn.has('garden')
  if (isWhole && new Set(standsIn.values()).size === 1) return {}
  const words = `it stands in ${kinds.join(' and ')}: another program has changed the sets`
  return { standing: 'unsure', words }
}

const STATES: Readonly<Record<Exclude<SetKind, 'garden'>, Restriction['state']>> = {
  expert: 'open',
  named: 'named',
  closed: 'isolated',
  redirect: 'redirect-25',
}
const stateOf = (kind: SetKind): Restriction['state'] =>
  kind === 'garden' ? 'isolated' : STATES[kind]

type Unwrapped = {
  readonly val: string
  readonly to?: string
  readonly expires?: number
  readonly comment?: string
}

/** A bare address, one with its time and what is written beside it, or one with where it may go. */
function unwrapped(one: unknown): Unwrapped {
  if (typeof one === 'string') return { val: one }
  const { elem, concat } = one as {
    elem?: { val?: unknown; expires?: number; comment?: string }
    concat?: unknown
  }
  if (concat !== undefined) return { val: '', ...pairOf(concat) }
  const { val } = elem ?? {}
  const pair = typeof val === 'object' && val !== null && 'concat' in val ? pairOf(val.concat) : {}
  return { ...elem, val: typeof val === 'string' ? val : '', ...pair }
}

function pairOf(concat: unknown): { val: string; to: string } | object {
  const [val, to]: unknown[] = Array.isArray(concat) ? concat : []
  return typeof val === 'string' && typeof to === 'string' ? { val, to } : {}
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
