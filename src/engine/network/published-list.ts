// The list that others may ask, kept as decisions and leases are now. Customers are looked at one by one when something about them changes,
// and all of them every minute. What is in it: the addresses themselves, in memory that other threads read; of each customer only which.

import { entriesOf, type HouseholdEntries, type ListEntry } from '../../core/list/entries.ts'
import { type ListingReference, listingReference } from '../../mail/listing-reference.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Event, NewEvent } from '../../model/event.ts'
import { isLine, lineOf, subjectName } from '../../model/evidence.ts'
import { formatPrefix, parseIp, parsePrefix, type Prefix } from '../../model/ip.ts'
import { classOf, LIST_CODES, type ListClass, SPARED } from '../../model/list-code.ts'
import { type ListImage, parseReference, referenceText } from '../../model/list-image.ts'
import type { OptOut } from '../../model/opt-out.ts'
import {
  type Placed,
  PrefixReader,
  PrefixTable,
  placeOf,
  prefixOf,
} from '../../model/prefix-table.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Leases } from '../../ports/leases.ts'
import type { Listed } from '../../ports/listed.ts'
import type { ListedNow, ListSnapshot } from '../../model/listed-now.ts'
import type { OwnedRecords } from '../../ports/records.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { type HeldPrefixes, heldOf, prefixesOf } from './held-prefixes.ts'
import { RogueDomains, type RogueSettings } from './rogue-domains.ts'
import { SparedLeases } from './spared-leases.ts'

export type ListSettings = RogueSettings & {
  /** The address space it is about: `list.realm`, main by default. */
  readonly realm: string
  /** Also addresses that are others in other networks: `list.privateAddresses`, false by default. */
  readonly privateAddresses: boolean
  /** Ranges of consumers: `list.consumers`, nothing by default. */
  readonly consumers: readonly string[]
}

export type PublishedListParts = {
  readonly cases: Pick<Cases, 'inForce' | 'open' | 'allInForce'>
  readonly leases: Pick<Leases, 'current' | 'holder' | 'within'>
  readonly subscribers: Pick<Subscribers, 'get' | 'all'>
  readonly optOuts?: Pick<OwnedRecords<OptOut>, 'of'>
  readonly note: (event: NewEvent) => void
  readonly now: () => number
  readonly secret: string
}

/** So long others wait for a look at all, ms. */
const TURN = 5
/** Within so much it is remembered when a customer is to be looked at; longer than from one look at all to the next, ms. */
const SOON = 3 * MINUTE
/** Seconds that a serial is ahead of a clock that is right. */
const SAME_TIME = 2

export class PublishedList implements Listed {
  readonly #parts: PublishedListParts
  readonly #settings: ListSettings
  readonly #reference: ListingReference
  readonly #infected = new PrefixTable(() => this.#publish())
  readonly #exempt = new PrefixTable(() => this.#publish())
  readonly #consumers = new PrefixTable()
  /** Of each customer with any: which prefixes are listed, and which are exempt. */
  readonly #held = new Map<string, HeldPrefixes>()
  readonly #exempted = new Map<string, HeldPrefixes>()
  /** When to look at a customer again, ms. */
  readonly #due = new Map<string, number>()
  /** Not listed, in prefixes that are. */
  readonly #spared: SparedLeases
  readonly #domains: RogueDomains
  readonly #hearers = new Set<(image: ListImage) => void>()
  #serial = 0
  /** Since the serial was looked at. */
  #hasGrown = false
  #told = 0
  #lookedAt = 0
  /** Filled at the start: what was listed before is no news. */
  #isFilled = false

  constructor(settings: ListSettings, parts: PublishedListParts) {
    this.#settings = settings
    this.#parts = parts
    this.#reference = listingReference(parts.secret)
    this.#domains = new RogueDomains(settings)
    this.#spared = new SparedLeases(this.#infected, parts.leases, settings.realm)
    for (const text of settings.consumers)
      this.#consumers.put({
        ...placed(text),
        code: LIST_CODES.consumer,
        since: 0,
        reference: [0, 0],
      })
    this.#grow()
  }

  image(): ListImage {
    return {
      infected: this.#infected.buffer,
      consumers: this.#consumers.buffer,
      exempt: this.#exempt.buffer,
      domains: this.#domains.now(this.#parts.now()),
      serial: this.serial,
    }
  }

  onReplaced(hear: (image: ListImage) => void): () => void {
    this.#hearers.add(hear)
    return () => void this.#hearers.delete(hear)
  }

  /**
   * Of what has changed until now; within a second it may be that of a change before. It is the time, whatever the number of changes, so
   * that it grows over a restart; where the clock has gone back it is one more.
   */
  get serial(): number {
    const second = Math.floor(this.#parts.now() / 1000)
    if (!this.#hasGrown || (second <= this.#serial && this.#serial - second <= SAME_TIME))
      return this.#serial
    this.#hasGrown = false
    this.#serial = Math.max(this.#serial + 1, second)
    return this.#serial
  }

  /** One that others have had before the start. */
  notBefore(serial: number): void {
    if (serial < this.#serial) return
    this.#serial = serial + 1
    this.#hasGrown = false
  }

  get size(): number {
    return this.#infected.size - this.#spared.all().length
  }

  /** What is listed of one customer, as it is decided now. */
  refresh(subscriber: string): void {
    this.#refresh(subscriber)
  }

  /** Of all customers; in turns, so that mail and questions do not wait for a million of them. */
  async refreshAll(): Promise<void> {
    const { cases, subscribers } = this.#parts
    const lines = cases.allInForce().filter(({ subject }) => isLine(subject))
    const all = new Set([
      ...lines.map(({ subject }) => subjectName(subject)),
      ...this.#held.keys(),
      ...this.#exempted.keys(),
      ...this.#spared.customers(),
    ])
    if (this.#settings.consumers.length > 0) for (const { id } of subscribers.all()) all.add(id)
    let until = performance.now() + TURN
    for (const id of all) {
      this.#refresh(id)
      if (performance.now() < until) continue
      await nextTurn()
      until = performance.now() + TURN
    }
    this.#isFilled = true
    this.#lookedAt = this.#parts.now()
    this.#look(this.#lookedAt)
  }

  /** Every second: what ends by itself, and leases that have settled meanwhile. After a jump of the clock that may be anything. */
  async look(): Promise<void> {
    const at = this.#parts.now()
    const hasJumped = Math.abs(at - this.#lookedAt) > MINUTE
    this.#lookedAt = at
    if (hasJumped) await this.refreshAll()
    else this.#look(at)
  }

  #look(at: number): void {
    for (const [subscriber, due] of this.#due) if (due <= at) this.#refresh(subscriber)
    if (this.#domains.sweep(at)) this.#grow()
    if (this.#told !== this.serial) this.#publish()
  }

  hear(event: Event): void {
    if (this.#domains.hear(event)) this.#grow()
  }

  /** As it is now: what changes later is not in it. */
  snapshot(): ListSnapshot {
    const { serial } = this
    const infected = new PrefixReader(this.#infected.buffer.slice())
    return {
      serial,
      *entries() {
        for (const one of infected.all()) if (one.code !== SPARED) yield listedNow(one)
      },
      spared: this.#spared.all(),
      domains: this.#domains.now(this.#parts.now()),
      consumers: this.#settings.consumers,
      exempt: Array.from(this.#exempt.all(), one => formatPrefix(prefixOf(one))),
    }
  }

  /** What the list says of an address; `exempt`: in a range of consumers, and not listed there. */
  check(address: string) {
    const ip = parseIp(address)
    if (!ip) return undefined
    const { words } = placeOf({ ...ip, bits: ip.family === 4 ? 32 : 128 })
    const find = (table: PrefixTable) =>
      ip.family === 4 ? table.find4(words[3]) : table.find6(...words)
    const at = find(this.#infected)
    const consumer = find(this.#consumers) >= 0 && find(this.#exempt) < 0
    const isListed = at >= 0 && this.#infected.codeAt(at) !== SPARED
    return { consumer, ...(isListed ? { listed: listedNow(this.#infected.at(at)) } : {}) }
  }

  /** The entry with this name, while it is listed. */
  find(entry: string): ListedNow | undefined {
    const words = parseReference(entry)
    const found = words && this.#infected.byReference(...words)
    return found && found.code !== SPARED ? listedNow(found) : undefined
  }

  #refresh(id: string): void {
    const { listed, exempt, again } = this.#entriesOf(id)
    // What ends later is seen when all are looked at: a million ends need not be remembered.
    if (again === undefined || again > this.#parts.now() + SOON) this.#due.delete(id)
    else this.#due.set(id, again)
    for (const prefix of prefixesOf(this.#held.get(id)))
      if (!listed.some(one => one.prefix === prefix)) this.#leave(id, prefix)
    for (const one of listed) this.#enter(id, one)
    const prefixes = listed.map(one => one.prefix)
    keep(this.#held, id, prefixes)
    if (this.#spared.refresh(id, prefixes)) this.#grow()
    if (this.#settings.consumers.length > 0) this.#exemptAre(id, exempt)
  }

  #entriesOf(id: string): HouseholdEntries {
    const { cases, leases, subscribers, optOuts, now } = this.#parts
    const subscriber = subscribers.get(id)
    if (!subscriber) return { listed: [], exempt: [] }
    return entriesOf({
      subscriber,
      leases: leases.current(id),
      inForce: cases.inForce(lineOf(id)),
      incident: cases.open(lineOf(id)),
      optOuts: optOuts?.of(id) ?? [],
      holder: (realm, address) => leases.holder(realm, address, undefined),
      realm: this.#settings.realm,
      privateAddresses: this.#settings.privateAddresses,
      at: now(),
    })
  }

  #enter(id: string, { prefix, code, since, incident }: ListEntry): void {
    const place = placed(prefix)
    const there = this.#infected.exactly(place)
    const begun = Math.floor(since / 1000)
    if (there?.code === code && there.since === begun) return
    const reference = this.#reference(prefix, incident)
    // First, or those who answer would see them listed in between.
    if (!there || there.code === SPARED) this.#spared.before(id, prefix)
    this.#infected.put({ ...place, code, since: begun, reference })
    this.#changed({ id, prefix, code, reference, listed: true })
  }

  /** Unless another customer has it by now. */
  #leave(id: string, prefix: string): void {
    const place = placed(prefix)
    const there = this.#infected.exactly(place)
    if (!there || there.code === SPARED || this.#isAnothers(id, prefix)) return
    this.#infected.remove(place)
    this.#changed({ id, prefix, code: there.code, reference: there.reference, listed: false })
  }

  #isAnothers(id: string, prefix: string): boolean {
    const address = prefix.slice(0, prefix.indexOf('/'))
    const { subscriber } = this.#parts.leases.holder(this.#settings.realm, address, undefined)
    return (
      subscriber !== undefined &&
      subscriber !== id &&
      prefixesOf(this.#held.get(subscriber)).includes(prefix)
    )
  }

  #exemptAre(id: string, exempt: readonly string[]): void {
    const before = prefixesOf(this.#exempted.get(id))
    const gone = before.filter(prefix => !exempt.includes(prefix))
    const come = exempt.filter(prefix => !before.includes(prefix))
    for (const prefix of gone) this.#exempt.remove(placed(prefix))
    for (const prefix of come)
      this.#exempt.put({ ...placed(prefix), code: 1, since: 0, reference: [0, 0] })
    keep(this.#exempted, id, exempt)
    if (gone.length + come.length > 0) this.#grow()
  }

  #changed(change: ListChange): void {
    this.#grow()
    if (!this.#isFilled) return
    const { id, prefix, code, reference, listed } = change
    this.#parts.note({
      kind: 'list-changed',
      at: this.#parts.now(),
      prefix,
      subscriber: id,
      listed,
      as: className(code),
      entry: referenceText(reference),
    })
  }

  #grow(): void {
    this.#hasGrown = true
  }

  #publish(): void {
    const image = this.image()
    this.#told = image.serial
    for (const hear of this.#hearers) hear(image)
  }
}

type ListChange = Pick<Placed, 'code' | 'reference'> & {
  readonly id: string
  readonly prefix: string
  readonly listed: boolean
}

const placed = (prefix: string) => placeOf(parsePrefix(prefix) as Prefix)
const className = (code: number): ListClass => classOf(code) ?? 'infected'

const listedNow = (one: Placed): ListedNow => ({
  prefix: formatPrefix(prefixOf(one)),
  as: className(one.code),
  code: one.code,
  since: one.since * 1000,
  entry: referenceText(one.reference),
})

const nextTurn = (): Promise<void> => new Promise(resolve => void setImmediate(resolve))

function keep(map: Map<string, HeldPrefixes>, id: string, prefixes: readonly string[]): void {
  if (prefixes.length === 0) map.delete(id)
  else map.set(id, heldOf(prefixes))
}
