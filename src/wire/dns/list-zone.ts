// What our list answers to a question (RFC 5782, RFC 6471). Not here: sockets, and whether the client may ask.

import { LIST_CODES, LIST_PARTS, type ListPart, SPARED } from '../../model/list-code.ts'
import { type ListImage, referenceText } from '../../model/list-image.ts'
import { PrefixReader } from '../../model/prefix-table.ts'
import { AddressName, IPV4, IPV6, NO_NAME } from './address-name.ts'
import { ListedDomains } from './listed-domains.ts'
import { CLASS_IN, type Query, RCODE, TYPE } from './query.ts'
import { nameBytes, type DnsReply, textBytes } from './reply.ts'

export type ZoneSettings = {
  /** `list.zone`, must be given. */
  readonly zone: string
  /** Names of its servers: `list.nameServers`, nothing by default; the hostname when it is empty. */
  readonly nameServers: readonly string[]
  /** `postmaster.our.domain`, as the SOA has it. */
  readonly contact: string
  /** Seconds that an answer, also "not listed", may be kept: `list.ttl`, 60 by default, 1 to 60. */
  readonly ttl: number
  /** Address of the page behind an entry, up to its name; without it the answer says less. */
  readonly page?: string
  /** `provider`, Your provider by default, 1 to 200 characters. */
  readonly provider: string
}

/** Seconds: who the servers are changes seldom. */
const OF_THE_ZONE = 3600
/** RFC 5782 §5: always listed. 127.0.0.1 and ::FFFF:7F00:1 never are. */
const TEST_4 = 0x7f00_0002
const MAPPED = 0xffff
const LOOPBACK = 0x7f00_0000

/** The name is ours and there is something below it, or something of another type. */
const NO_DATA = Symbol('NODATA')
const NO_SUCH = Symbol('NXDOMAIN')
type Listed = { readonly code: number; readonly text: () => Uint8Array }
type FoundEntry = Listed | typeof NO_DATA | typeof NO_SUCH

export class ListZone {
  readonly #settings: ZoneSettings
  readonly #apex: Buffer
  readonly #parts: readonly { readonly part: ListPart; readonly label: Buffer }[]
  readonly #name = new AddressName()
  readonly #domains: ListedDomains
  #infected: PrefixReader
  #consumers: PrefixReader
  #exempt: PrefixReader
  #soa: Buffer = Buffer.alloc(0)

  constructor(settings: ZoneSettings, image: ListImage) {
    this.#settings = settings
    this.#apex = nameBytes(settings.zone.toLowerCase())
    this.#parts = LIST_PARTS.map(part => ({ part, label: nameBytes(part).subarray(0, -1) }))
    this.#domains = new ListedDomains()
    this.#infected = new PrefixReader(image.infected)
    this.#consumers = new PrefixReader(image.consumers)
    this.#exempt = new PrefixReader(image.exempt)
    this.replace(image)
  }

  replace(image: ListImage): void {
    this.#infected = new PrefixReader(image.infected)
    this.#consumers = new PrefixReader(image.consumers)
    this.#exempt = new PrefixReader(image.exempt)
    this.#domains.replace(image.domains)
    this.#soa = soaOf(this.#settings, image.serial)
  }

  /** The code of the answer, whose records are in `reply` then. */
  answer(query: Query, asked: Uint8Array, reply: DnsReply): number {
    const apex = query.class === CLASS_IN ? this.#apexIn(query, asked) : -1
    if (apex < 0 || query.type === TYPE.axfr || query.type === TYPE.ixfr) return RCODE.refused
    const above = query.count - apex
    if (above === 0) return this.#ofApex(query, reply)
    const found = this.#below(query, asked, above)
    if (found === NO_SUCH || found === NO_DATA) {
      // RFC 2308 §3: without the SOA "not listed" may be kept for hours.
      this.#withSoa(query, apex, reply)
      return found === NO_SUCH ? RCODE.nxDomain : RCODE.noError
    }
    this.#say(query, found, reply)
    if (query.type !== TYPE.a && query.type !== TYPE.any && query.type !== TYPE.txt)
      this.#withSoa(query, apex, reply)
    return RCODE.noError
  }

  #say({ type, labels }: Query, { code, text }: Listed, reply: DnsReply): void {
    const { ttl } = this.#settings
    const name = labels[0] ?? 0
    // RFC 8482 §4.1: of ANY one record is enough.
    if (type === TYPE.a || type === TYPE.any)
      reply.answer(name, TYPE.a, ttl, Uint8Array.of(127, 0, 0, code))
    else if (type === TYPE.txt) reply.answer(name, TYPE.txt, ttl, text())
  }

  #withSoa({ labels, count }: Query, apex: number, reply: DnsReply): void {
    reply.authority(labels[count - apex] ?? 0, TYPE.soa, this.#settings.ttl, this.#soa)
  }

  /** How many labels at the end of the name are the zone; -1 when it is not ours. */
  #apexIn({ labels, count, end }: Query, asked: Uint8Array): number {
    const { length } = this.#apex
    // The type and class stand behind the name.
    const from = end - 4 - length
    if (from < 12) return -1
    for (let i = 0; i < length; i++) if (lower(asked[from + i] ?? 0) !== this.#apex[i]) return -1
    // The end of another name may look the same: it must begin with a label.
    for (let i = count - 1; i >= 0; i--) if (labels[i] === from) return count - i
    return -1
  }

  #ofApex(query: Query, reply: DnsReply): number {
    const name = query.labels[0] ?? 0
    if (query.type === TYPE.soa || query.type === TYPE.any)
      reply.answer(name, TYPE.soa, OF_THE_ZONE, this.#soa)
    else if (query.type === TYPE.ns)
      for (const server of this.#settings.nameServers)
        reply.answer(name, TYPE.ns, OF_THE_ZONE, nameBytes(server))
    else reply.authority(name, TYPE.soa, this.#settings.ttl, this.#soa)
    return RCODE.noError
  }

  #below(query: Query, asked: Uint8Array, above: number): FoundEntry {
    const at = query.labels[above - 1] ?? 0
    const part = this.#partAt(asked, at)
    if (!part) return NO_SUCH
    if (above === 1) return NO_DATA
    if (part === 'domains') return this.#domain(query, asked, above - 1)
    const kind = this.#name.read(query, asked, above - 1)
    if (kind === NO_NAME) return NO_SUCH
    if (kind !== IPV4 && kind !== IPV6) return NO_DATA
    const found = part === 'infected' ? this.#infectedAt(kind) : this.#consumerAt(kind)
    return found ?? (this.#name.isShorterToo ? NO_DATA : NO_SUCH)
  }

  #partAt(asked: Uint8Array, at: number): ListPart | undefined {
    for (const { part, label } of this.#parts) {
      let i = 0
      while (i < label.length && lower(asked[at + i] ?? 0) === label[i]) i++
      if (i === label.length) return part
    }
    return undefined
  }

  #infectedAt(kind: number): Listed | undefined {
    const test = this.#test(kind, LIST_CODES.infected)
    if (test !== undefined) return test === 'never' ? undefined : test
    const table = this.#infected
    const at = this.#find(table, kind)
    if (at < 0 || table.codeAt(at) === SPARED) return undefined
    return { code: table.codeAt(at), text: () => this.#textOf(table, at) }
  }

  #consumerAt(kind: number): Listed | undefined {
    const test = this.#test(kind, LIST_CODES.consumer)
    if (test !== undefined) return test === 'never' ? undefined : test
    if (this.#find(this.#consumers, kind) < 0 || this.#find(this.#exempt, kind) >= 0)
      return undefined
    const { provider } = this.#settings
    const words = `A consumer line of ${provider}; mail from it goes through the servers of ${provider}`
    return { code: LIST_CODES.consumer, text: () => textBytes(words) }
  }

  /** `never`: of this machine itself, and no test. */
  #test(kind: number, code: number): Listed | 'never' | undefined {
    const { words } = this.#name
    const d = words[3] ?? 0
    if (kind === IPV6 && (words[0] !== 0 || words[1] !== 0 || words[2] !== MAPPED)) return undefined
    if (d === TEST_4) return { code, text: () => textBytes('A test entry (RFC 5782)') }
    return (d & 0xff00_0000) === LOOPBACK ? 'never' : undefined
  }

  #find(table: PrefixReader, kind: number): number {
    const { words } = this.#name
    if (kind === IPV4) return table.find4(words[3] ?? 0)
    return table.find6(words[0] ?? 0, words[1] ?? 0, words[2] ?? 0, words[3] ?? 0)
  }

  #textOf(table: PrefixReader, at: number): Uint8Array {
    const { page, provider } = this.#settings
    const { reference } = table.at(at)
    return textBytes(
      page === undefined
        ? `Listed by ${provider}: this line sends spam; its owner finds the way out in the portal`
        : `${page}${referenceText(reference)}`,
    )
  }

  #domain(query: Query, asked: Uint8Array, count: number): FoundEntry {
    const code = LIST_CODES['rogue-domain']
    const { page, provider } = this.#settings
    const found = this.#domains.find(query, asked, count)
    if (found === 'below') return NO_DATA
    if (found === undefined) return NO_SUCH
    const words = `${found} is listed by ${provider}${page === undefined ? '' : `, ${page.replace(/why\/$/, '')}`}`
    return { code, text: () => textBytes(words) }
  }
}

const lower = (octet: number): number => (octet >= 65 && octet <= 90 ? octet + 32 : octet)

/** RFC 1035 §3.3.13. MINIMUM is for how long "not listed" may be kept (RFC 2308 §4). */
function soaOf({ nameServers, contact, ttl }: ZoneSettings, serial: number): Buffer {
  const numbers = Buffer.alloc(20)
  // Serial, refresh, retry, expire, minimum: this zone is not transferred, so the middle three are only usual ones.
  for (const [i, number] of [serial, 3600, 600, 86_400, ttl].entries())
    numbers.writeUInt32BE(number >>> 0, 4 * i)
  return Buffer.concat([nameBytes(nameServers[0] ?? 'localhost'), nameBytes(contact), numbers])
}
