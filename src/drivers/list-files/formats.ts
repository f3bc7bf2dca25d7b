// The list as lines of files: for rbldnsd (ip4trie, ip6trie, dnset), as a response policy zone, and as sets of nftables.

import { formatPrefix, type Ip, parsePrefix, type Prefix } from '../../model/ip.ts'
import { LIST_CODES } from '../../model/list-code.ts'
import type { ListedNow, ListSnapshot } from '../../model/listed-now.ts'
import { splitter } from '../../model/prefix-holes.ts'

export type ListNames = {
  readonly zone: string
  /** Seconds. */
  readonly ttl: number
  readonly nameServers: readonly string[]
  readonly contact: string
  /** Address of the page behind an entry, up to its name. */
  readonly page?: string | undefined
  readonly provider: string
}

type FileLines = Iterable<string>
/** A file, and what stands in it. */
export type ListFormat = {
  readonly file: string
  readonly lines: (list: ListSnapshot, names: ListNames) => FileLines
}

export const LIST_FORMATS: readonly ListFormat[] = [
  { file: 'infected.ip4trie', lines: (list, names) => infected(list, names, 4) },
  { file: 'infected.ip6trie', lines: (list, names) => infected(list, names, 6) },
  { file: 'consumers.ip4trie', lines: (list, names) => consumers(list, names, 4) },
  { file: 'consumers.ip6trie', lines: (list, names) => consumers(list, names, 6) },
  { file: 'domains.dnset', lines: domains },
  { file: 'list.rpz', lines: rpz },
  { file: 'list.nft', lines: nftables },
]

/** In a text of rbldnsd `$` stands for the address; in the address of a page it may be written so. */
const plain = (text: string) => text.replaceAll('$', '%24').replaceAll(/[\r\n]/g, ' ')
const isOf = (family: 4 | 6, prefix: string) => prefix.includes(':') === (family === 6)

function* head({ zone, ttl, nameServers, contact }: ListNames, serial: number): FileLines {
  yield `# ${zone}, written by Cordon; do not edit`
  yield `$SOA 3600 ${nameServers[0] ?? 'localhost'} ${contact} ${serial} 3600 600 86400 ${ttl}`
  yield `$NS 3600 ${nameServers.join(' ')}`
  yield `$TTL ${ttl}`
}

/** RFC 5782 §5: 127.0.0.2 and ::FFFF:7F00:2. */
const testEntry = (family: 4 | 6, code: number) =>
  `${family === 4 ? '127.0.0.2' : '0:0:0:0:0:ffff:7f00:2'} :${code}:A test entry (RFC 5782)`

function* infected(
  { serial, entries, spared }: ListSnapshot,
  names: ListNames,
  family: 4 | 6,
): FileLines {
  const { page, provider } = names
  const text = ({ entry }: ListedNow) =>
    page === undefined
      ? `Listed by ${provider}: this line sends spam; its owner finds the way out in the portal`
      : `${page}${entry}`
  yield* head(names, serial)
  yield testEntry(family, LIST_CODES.infected)
  for (const one of entries())
    if (isOf(family, one.prefix)) yield `${one.prefix} :${one.code}:${plain(text(one))}`
  for (const prefix of spared) if (isOf(family, prefix)) yield `!${prefix}`
}

function* consumers(list: ListSnapshot, names: ListNames, family: 4 | 6): FileLines {
  const { provider } = names
  const words = `A consumer line of ${provider}; mail from it goes through the servers of ${provider}`
  yield* head(names, list.serial)
  yield testEntry(family, LIST_CODES.consumer)
  for (const prefix of list.consumers)
    if (isOf(family, prefix)) yield `${prefix} :${LIST_CODES.consumer}:${plain(words)}`
  for (const prefix of list.exempt) if (isOf(family, prefix)) yield `!${prefix}`
}

function* domains(list: ListSnapshot, names: ListNames): FileLines {
  yield* head(names, list.serial)
  yield `:${LIST_CODES['rogue-domain']}:$ is listed by ${plain(names.provider)}`
  yield 'test'
  // With all that is below it.
  for (const domain of list.domains) yield `.${domain}`
}

/** Names that lead to a listed address, and rogue domains, do not exist for a resolver that loads this. */
function* rpz(list: ListSnapshot, { ttl, nameServers, contact }: ListNames): FileLines {
  const server = nameServers[0] ?? 'localhost'
  yield `$TTL ${ttl}`
  yield `@ IN SOA ${server}. ${contact}. ${list.serial} 3600 600 86400 ${ttl}`
  yield `@ IN NS ${server}.`
  for (const prefix of splitOf(list)) yield `${rpzName(prefix)}.rpz-ip CNAME .`
  for (const domain of list.domains) {
    yield `${domain} CNAME .`
    yield `*.${domain} CNAME .`
  }
}

/** What is listed, around what is not. (An answer that a response policy lets pass would pass with all other addresses that it has.) */
function* splitOf({ entries, spared }: ListSnapshot): Iterable<Prefix> {
  const split = splitter(spared.flatMap(text => parsePrefix(text) ?? []))
  for (const { prefix } of entries()) {
    const parsed = parsePrefix(prefix)
    if (parsed) yield* split(parsed)
  }
}

/** `32.7.2.0.192`; of IPv6 the groups backwards, the longest run of zeros as zz. */
export function rpzName(prefix: Prefix): string {
  return `${prefix.bits}.${prefix.family === 4 ? octets(prefix) : groups(prefix)}`
}

const octets = ({ value }: Ip): string =>
  [0n, 8n, 16n, 24n].map(bits => String((value >> bits) & 255n)).join('.')

function groups({ value }: Ip): string {
  const all = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(16 * i)) & 0xffffn).toString(16),
  )
  let best = { start: 0, length: 0 }
  for (let i = 0; i < 8; i++) {
    let end = i
    while (all[end] === '0') end++
    if (end - i > best.length) best = { start: i, length: end - i }
    i = Math.max(i, end)
  }
  if (best.length < 2) return all.join('.')
  return [...all.slice(0, best.start), 'zz', ...all.slice(best.start + best.length)].join('.')
}

/** Elements of one command. */
const AT_ONCE = 1000
const TABLE = 'inet cordon_list'

/** One transaction of `nft -f`: the sets are emptied and filled again, or stay as they were. */
function* nftables(list: ListSnapshot): FileLines {
  yield `add table ${TABLE}`
  for (const family of [4, 6] as const) {
    const set = `${TABLE} infected${family}`
    yield `add set ${set} { type ipv${family}_addr; flags interval; auto-merge; }`
    yield `flush set ${set}`
    let batch: string[] = []
    for (const prefix of splitOf(list)) {
      if (prefix.family !== family) continue
      batch.push(formatPrefix(prefix))
      if (batch.length < AT_ONCE) continue
      yield `add element ${set} { ${batch.join(', ')} }`
      batch = []
    }
    if (batch.length > 0) yield `add element ${set} { ${batch.join(', ')} }`
  }
}
