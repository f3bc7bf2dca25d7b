// One packet in, one answer out: may this client ask, and how much? Then the zone answers. Not here: sockets.

import { BoundedMap } from '../../model/bounded-map.ts'
import { canonicalIp, parseIp, parsePrefix } from '../../model/ip.ts'
import type { ListImage } from '../../model/list-image.ts'
import { type AddressWords, PrefixTable, placeOf } from '../../model/prefix-table.ts'
import { ListZone, type ZoneSettings } from '../../wire/dns/list-zone.ts'
import { DROP, Query, RCODE } from '../../wire/dns/query.ts'
import { MAX_UDP, DnsReply } from '../../wire/dns/reply.ts'
import { ResponseRate } from '../../wire/dns/response-rate.ts'

export type AnsweringSettings = ZoneSettings & {
  /** Prefixes that may ask: `list.clients`, 127.0.0.0/8, ::1/128 by default. */
  readonly clients: readonly string[]
  /** `list.perSecond`, 1000 by default, 1 to 10,000,000. */
  readonly perSecond: number
}

/** What became of questions, in the order of the shared counts. */
export const RESULTS = [
  'answered',
  'not-listed',
  'refused',
  'wrong-form',
  'not-implemented',
  'malformed',
  'cut',
  'not-sent',
] as const
export type Result = (typeof RESULTS)[number]
const PLACE = Object.fromEntries(RESULTS.map((name, i) => [name, i])) as Record<Result, number>

type Asker = {
  readonly may: boolean
  /** A number of its network; of itself, where `list.clients` names it or a network no wider. */
  readonly countedAs: number
}
/** Bits of a prefix in `list.clients` that is no wider than what is counted together, as they stand in the table: /24, and /56 of IPv6. */
const NAMED_4 = 96 + 24
const NAMED_6 = 56
/** Clients that are remembered; an address is read once. */
const REMEMBERED = 20_000

export class Answering {
  readonly #query = new Query()
  readonly #reply = new DnsReply()
  readonly #zone: ListZone
  readonly #rate: ResponseRate
  readonly #strangers: ResponseRate
  readonly #clients = new PrefixTable()
  readonly #askers = new BoundedMap<string, Asker>(REMEMBERED)
  readonly #counts: Uint32Array
  readonly #salt: number

  /** `counts`: one word for each of `RESULTS`. `salt`: any number, so that no stranger knows which networks share a place. */
  constructor(
    settings: AnsweringSettings,
    image: ListImage,
    { counts, salt }: { readonly counts: Uint32Array; readonly salt: number },
  ) {
    this.#zone = new ListZone(settings, image)
    this.#rate = new ResponseRate(settings.perSecond)
    this.#strangers = new ResponseRate(settings.perSecond)
    this.#counts = counts
    this.#salt = salt
    for (const text of settings.clients) {
      const prefix = parsePrefix(text)
      if (prefix) this.#clients.put({ ...placeOf(prefix), code: 1, since: 0, reference: [0, 0] })
    }
  }

  replace(image: ListImage): void {
    this.#zone.replace(image)
  }

  /** A copy of its own; undefined where there is to be no answer. */
  overUdp(asked: Uint8Array, address: string, now: number): Uint8Array | undefined {
    const asker = this.#askers.get(address) ?? this.#learn(address)
    const read = this.#query.read(asked, asked.length)
    if (read === DROP) return this.#nothing('malformed')
    // Strangers, whose addresses may be forged, are counted apart: of what a client may ask they take nothing.
    const rate = asker.may ? this.#rate : this.#strangers
    const allowed = rate.allow(asker.countedAs, now)
    if (allowed === 'no' || (allowed === 'cut' && !asker.may)) return this.#nothing('not-sent')
    if (allowed === 'cut') return this.#cut(asked)
    return this.#answer(asked, read, { asker, most: Math.min(this.#query.size, MAX_UDP) })
  }

  may(address: string): boolean {
    return (this.#askers.get(address) ?? this.#learn(address)).may
  }

  /** A client that speaks TCP is where it says. */
  overTcp(asked: Uint8Array, address: string): Uint8Array | undefined {
    const asker = this.#askers.get(address) ?? this.#learn(address)
    const read = this.#query.read(asked, asked.length)
    return read === DROP ? this.#nothing('malformed') : this.#answer(asked, read, { asker })
  }

  #answer(
    asked: Uint8Array,
    read: number,
    { asker, most }: { readonly asker: Asker; readonly most?: number },
  ): Uint8Array {
    const [query, reply] = [this.#query, this.#reply]
    reply.begin(query, asked)
    let rcode = read
    if (read === RCODE.noError)
      rcode = asker.may ? this.#zone.answer(query, asked, reply) : RCODE.refused
    this.#count(resultOf(rcode))
    return copyOf(reply, reply.finish(query, rcode, most))
  }

  /** As long as the question. */
  #cut(asked: Uint8Array): Uint8Array {
    const [query, reply] = [this.#query, this.#reply]
    this.#count('cut')
    reply.begin(query, asked)
    return copyOf(reply, reply.finish(query, RCODE.noError, 0))
  }

  #nothing(result: Result): undefined {
    this.#count(result)
  }

  #count(result: Result): void {
    const place = PLACE[result]
    this.#counts[place] = (this.#counts[place] ?? 0) + 1
  }

  #learn(address: string): Asker {
    const ip = parseIp(canonicalIp(address.split('%')[0] ?? '') ?? '')
    const words: AddressWords = ip
      ? placeOf({ ...ip, bits: ip.family === 4 ? 32 : 128 }).words
      : [0, 0, 0, 0]
    const [a, b, c, d] = words
    const at = ip?.family === 4 ? this.#clients.find4(d) : ip ? this.#clients.find6(a, b, c, d) : -1
    const isNamed = at >= 0 && this.#clients.at(at).bits >= (ip?.family === 4 ? NAMED_4 : NAMED_6)
    const network =
      ip?.family === 4 ? d >>> (isNamed ? 0 : 8) : Math.imul(a, 31) ^ (b >>> (isNamed ? 0 : 8))
    const asker = { may: at >= 0, countedAs: network ^ this.#salt }
    this.#askers.set(address, asker)
    return asker
  }
}

/** The buffer of the reply is used again before the kernel has read it. (`slice` of a Buffer copies nothing.) */
const copyOf = ({ bytes }: DnsReply, length: number): Uint8Array =>
  Buffer.from(bytes.subarray(0, length))

function resultOf(rcode: number): Result {
  switch (rcode) {
    case RCODE.noError:
      return 'answered'
    case RCODE.nxDomain:
      return 'not-listed'
    case RCODE.refused:
      return 'refused'
    case RCODE.notImp:
      return 'not-implemented'
    default:
      return 'wrong-form'
  }
}
