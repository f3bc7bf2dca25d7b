// Whether the table that a router has is still the one that was printed: each rule and each fixed prefix of it. A set says nothing where
// the rules that look into it are gone. What is gone is loaded again, where the table is the one that this configuration prints; a
// table of another print is left as it is, and said. Pure.

import { parseIp, parsePrefix } from '../../../model/ip.ts'
import { baseTable, PRINT_SET, printNumber, TABLE, type TableSettings } from './base-table.ts'

/** `nft -j list table`. */
export type TableListing = { readonly nftables: readonly ListedObject[] }
type ListedObject = {
  readonly table?: { readonly flags?: unknown }
  readonly set?: { readonly name: string; readonly elem?: readonly unknown[] }
  readonly chain?: { readonly name: string; readonly hook?: string; readonly policy?: string }
  readonly rule?: { readonly chain: string; readonly comment?: string }
}

type PrintedChain = {
  readonly name: string
  /** `type filter hook …`; empty where it is only jumped to. */
  readonly hook: string
  readonly rules: readonly string[]
}

/** What a look at the table has found. */
export type TableState = {
  /** What is gone: with it nothing that Cordon puts into the sets can be relied on. */
  readonly gone?: string
  /** Loads what is gone again; absent where the table is another one. */
  readonly script?: string
  /** Another program's, or of another print: to be looked at, and left as it is. */
  readonly strange?: string
}

/** Chains without which nothing is closed, in a table of any print. */
const NEEDED = ['forward', 'port25', 'refuse']

export class OwnTable {
  readonly #settings: TableSettings
  readonly #text: string
  readonly #number: number
  readonly #chains: readonly PrintedChain[]
  /** Name of the set, and the prefixes in it. */
  readonly #fixed: ReadonlyMap<string, readonly string[]>

  constructor(settings: TableSettings) {
    this.#settings = settings
    this.#text = baseTable({ ...settings, watched: [] })
    this.#number = printNumber(settings)
    this.#chains = chainsIn(this.#text)
    this.#fixed = new Map(
      (['consumers', 'servers'] as const).flatMap(kind =>
        ([4, 6] as const).map(
          family =>
            [
              `${kind}${family}`,
              settings[kind].filter(text => parsePrefix(text)?.family === family),
            ] as const,
        ),
      ),
    )
  }

  /** Whether it is the table that this configuration prints, whatever has become of its rules. */
  isOurs({ nftables }: TableListing): boolean {
    return isOfPrint(nftables, this.#number)
  }

  /** Loads all of it, and fails where there is such a table by then: another program may have loaded another print. */
  whole(watched: readonly string[]): string {
    const printed = baseTable({ ...this.#settings, watched })
    return `create table inet ${TABLE}\n${printed.slice(printed.indexOf(`table inet ${TABLE} {`))}`
  }

  look({ nftables }: TableListing): TableState {
    const rules = rulesIn(nftables)
    if (isDormant(nftables))
      return { gone: 'the table is switched off (dormant)', script: `table inet ${TABLE}\n` }
    if (!isOfPrint(nftables, this.#number)) return ofOtherPrint(rules)
    const chains = this.#chains.filter(one => !isWhole(one, nftables, rules))
    const sets = [...this.#fixed].filter(([name, all]) => !hasAll(nftables, name, all))
    const foreign = this.#chains.flatMap(({ name, rules: mine }) => {
      const known = new Set(mine.map(markIn))
      const more = (rules.get(name) ?? []).filter(mark => !known.has(mark)).length
      return more === 0 ? [] : [`${more} in chain ${name}`]
    })
    const gone = [
      ...chains.map(({ name }) => `rules of chain ${name}`),
      ...sets.map(([name]) => `prefixes of set ${name}`),
    ]
    return {
      ...(gone.length === 0
        ? {}
        : {
            gone: `not as they were printed: ${gone.join(', ')}`,
            script: this.#script(
              chains.map(({ name }) => name),
              sets.map(([name]) => name),
            ),
          }),
      ...(foreign.length === 0
        ? {}
        : { strange: `rules that are not Cordon’s: ${foreign.join(', ')}` }),
    }
  }

  /** What is there is declared once more, which changes nothing; what is not as it was is emptied before. One transaction. */
  #script(chains: readonly string[], sets: readonly string[]): string {
    const bare = this.#chains.map(({ name, hook }) => `  chain ${name} {\n    ${hook}\n  }\n`)
    const rules = this.#chains
      .filter(({ name }) => chains.includes(name))
      .map(one => `  chain ${one.name} {\n${one.rules.map(rule => `    ${rule}\n`).join('')}  }\n`)
    const elements = sets.flatMap(name => {
      const mine = this.#fixed.get(name) ?? []
      return mine.length === 0 ? [] : [`add element inet ${TABLE} ${name} { ${mine.join(', ')} }\n`]
    })
    return [
      `table inet ${TABLE} {\n${setsIn(this.#text)}${bare.join('')}}\n`,
      ...chains.map(name => `flush chain inet ${TABLE} ${name}\n`),
      ...sets.map(name => `flush set inet ${TABLE} ${name}\n`),
      ...elements,
      `table inet ${TABLE} {\n${rules.join('')}}\n`,
    ].join('')
  }
}

const markIn = (rule: string): string => /comment "([^"]*)"$/.exec(rule)?.[1] ?? ''

/** A block of a printed table: two spaces before its first and last line. */
const BLOCK = /^ {2}(set|chain) (\S+) \{\n((?: {4}.*\n)*) {2}\}\n/gm

/** Of all sets, without their elements. */
function setsIn(text: string): string {
  return [...text.matchAll(BLOCK)]
    .filter(([, kind]) => kind === 'set')
    .map(([block]) => block.replace(/^ {4}elements = .*\n/m, ''))
    .join('')
}

function chainsIn(text: string): readonly PrintedChain[] {
  return [...text.matchAll(BLOCK)]
    .filter(([, kind]) => kind === 'chain')
    .map(([, , name = '', body = '']) => {
      const lines = body.split('\n').map(line => line.trim())
      return {
        name,
        hook: lines.find(line => line.startsWith('type ')) ?? '',
        rules: lines.filter(line => markIn(line) !== ''),
      }
    })
}

/** By chain, the numbers beside its rules, in their order. */
function rulesIn(listed: readonly ListedObject[]): ReadonlyMap<string, readonly string[]> {
  const chains = new Map<string, string[]>()
  for (const { chain, rule } of listed) {
    if (chain) chains.set(chain.name, chains.get(chain.name) ?? [])
    if (rule) chains.set(rule.chain, [...(chains.get(rule.chain) ?? []), rule.comment ?? ''])
  }
  return chains
}

/** nft 1.0.6 does not write the flags themselves; `owner` and `persist` are those of a program that keeps the table for itself. */
const isDormant = (listed: readonly ListedObject[]): boolean =>
  listed.some(({ table }) => {
    const flags = table?.flags
    return flags !== undefined && !/owner|persist/.test(JSON.stringify(flags))
  })

const isOfPrint = (listed: readonly ListedObject[], print: number): boolean =>
  listed.some(({ set }) => set?.name === PRINT_SET && set.elem?.includes(print) === true)

/** Each of its rules, in their order; what else is in the chain is another program's. */
function isWhole(
  { name, hook, rules }: PrintedChain,
  listed: readonly ListedObject[],
  found: ReadonlyMap<string, readonly string[]>,
): boolean {
  const chain = listed.find(one => one.chain?.name === name)?.chain
  if (!chain || (hook !== '' && !hook.includes(` hook ${chain.hook} `))) return false
  const mine = rules.map(markIn)
  const known = new Set(mine)
  const there = (found.get(name) ?? []).filter(mark => known.has(mark))
  return there.join() === mine.join()
}

function ofOtherPrint(rules: ReadonlyMap<string, readonly string[]>): TableState {
  const empty = NEEDED.filter(name => (rules.get(name) ?? []).length === 0)
  const strange = 'the table there is of another configuration, or of an older Cordon'
  return empty.length === 0
    ? { strange }
    : { strange, gone: `no rules in chain ${empty.join(', ')}, in a table of another print` }
}

type Range = readonly [first: bigint, last: bigint]

function hasAll(
  listed: readonly ListedObject[],
  name: string,
  prefixes: readonly string[],
): boolean {
  const set = listed.find(one => one.set?.name === name)?.set
  if (!set) return false
  const there = (set.elem ?? []).map(rangeOf)
  const printed = prefixes.map(ofPrefix)
  return merged(there).join() === merged(printed).join()
}

/** An address, a prefix as text or as nft lists it, or a range. Nothing for what is none of these. */
function rangeOf(element: unknown): Range | undefined {
  if (typeof element === 'string') return ofPrefix(element)
  const { prefix, range, elem } = (element ?? {}) as {
    prefix?: { addr?: unknown; len?: unknown }
    range?: readonly unknown[]
    elem?: { val?: unknown }
  }
  if (elem) return rangeOf(elem.val)
  if (prefix) return ofPrefix(`${String(prefix.addr)}/${String(prefix.len)}`)
  return between(String(range?.[0]), String(range?.[1]))
}

function between(first: string, last: string): Range | undefined {
  const [from, to] = [parseIp(first), parseIp(last)]
  return from && to && [from.value, to.value]
}

function ofPrefix(text: string): Range | undefined {
  const prefix = parsePrefix(text)
  if (!prefix) return undefined
  const length = prefix.family === 4 ? 32 : 128
  return [prefix.value, prefix.value + (1n << BigInt(length - prefix.bits)) - 1n]
}

/** What touches is one: nft merges it, too. */
function merged(all: readonly (Range | undefined)[]): readonly Range[] {
  const sorted = all.flatMap(one => (one ? [one] : [])).sort(([a], [b]) => (a < b ? -1 : 1))
  const ranges: [bigint, bigint][] = []
  for (const [first, last] of sorted) {
    const before = ranges.at(-1)
    if (before && first <= before[1] + 1n) before[1] = last > before[1] ? last : before[1]
    else ranges.push([first, last])
  }
  return ranges
}
