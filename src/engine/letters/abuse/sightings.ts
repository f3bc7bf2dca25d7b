// Machines of other networks that were seen to send spam here, for the reports to those who run them (`feedback.reports`). Counted in
// memory and written once a minute: a crash loses what was seen in the last one. Nothing is kept of networks without a contact.

import { BoundedMap } from '../../../model/bounded-map.ts'
import { DAY, HOUR } from '../../../model/duration.ts'
import type { EventOf } from '../../../model/event.ts'
import { canonicalIp, contains, type Prefix, parseIp, sourceOf } from '../../../model/ip.ts'
import type { Who } from '../../../model/lease.ts'
import { personOf } from '../../../model/mail-address.ts'
import { isRoleMailbox } from '../../../model/role-mailbox.ts'
import {
  both,
  type ReportFormat,
  type Sample,
  type SightingKind,
  type Sighting,
} from '../../../model/sighting.ts'
import type { Records } from '../../../ports/records.ts'
import { writeFresh } from '../../../ports/write-fresh.ts'
import type { Message } from '../../intake/examine.ts'

/** A network of others, and whom to tell. */
export type AbuseContact = {
  readonly networks: readonly Prefix[]
  readonly contact: string
  readonly format: ReportFormat
}

export type SightingParts = {
  readonly records: Records<Sighting>
  readonly contacts: () => readonly AbuseContact[]
}

/** Machines that are remembered for one contact: what comes after them is forgotten, for there is enough to report. */
const MOST = 500
const MOST_CLEAN = 20_000
/** What was not reported by then is old. */
const KEPT = 2 * DAY
/** ms from a start until it is known what sends ordinary mail, too: that is in memory alone. */
const LEARNED = 12 * HOUR
/** Characters of a virus's name. */
const MOST_TEXT = 200

export class Sightings {
  readonly #parts: SightingParts
  readonly #fresh = new Map<string, Sighting>()
  /** Machines that sent mail in which nothing was found, and when. */
  readonly #clean = new BoundedMap<string, number>(MOST_CLEAN)
  /** Machines that are remembered, by contact. */
  #known = new Map<string, Set<string>>()
  /** The first that was heard of since the start. */
  #since = Infinity

  constructor(parts: SightingParts) {
    this.#parts = parts
    this.#recount()
  }

  /** A message that a stranger handed in, whatever became of it. */
  message({ tx, step, summary, trapped }: Message): void {
    if (tx.listener !== 'inbound' || !this.#isOthers(step.who)) return
    this.#heard(step.at)
    if (!isItsOwn(tx, summary)) return
    const { content, virus, signsOnly } = step.scan ?? {}
    const isTrap = trapped !== undefined && !trapped.led
    const isSpam = content === 'spam' && !signsOnly
    const seen: SightingKind[] = [
      ...(isTrap ? (['trap'] as const) : []),
      ...(virus !== undefined ? (['virus'] as const) : []),
      ...(isSpam && virus === undefined ? (['spam'] as const) : []),
    ]
    const address = canonicalIp(step.who.address) ?? step.who.address
    if (seen.length === 0) {
      if (content === 'clean') this.#clean.set(sourceOf(address), step.at)
      return
    }
    this.#add(seen, {
      // To the second it would tell whose guess was right.
      at: isTrap ? step.at - (step.at % HOUR) : step.at,
      address,
      port: tx.client.port,
      ...(virus === undefined ? {} : { virus: short(virus) }),
    })
  }

  /** Mail that a stranger handed to a decoy. */
  decoy({ at, who }: EventOf<'decoy-mail'>): void {
    if (!this.#isOthers(who)) return
    const address = canonicalIp(who.address) ?? who.address
    this.#add(['decoy'], { at, address, port: who.port ?? 0 })
  }

  contactOf(address: string): AbuseContact | undefined {
    const ip = parseIp(address)
    return ip && closest(this.#parts.contacts(), ip)
  }

  /** Whether it is known of a machine that it sends ordinary mail, too. */
  knowsClean(at: number): boolean {
    return at - this.#since >= LEARNED
  }

  /** Writes down what was seen since the last time, and forgets what is old. */
  async write(at: number): Promise<void> {
    this.#heard(at)
    const { records } = this.#parts
    await writeFresh(this.#fresh, records, both)
    const all = Array.from(records.all())
    for (const one of all) {
      // A clock that was ahead has seen what is still to come.
      if (Math.abs(at - one.last) > KEPT) await records.change(one.id, () => 'gone')
      else if (!one.clean && this.#clean.has(one.id))
        await records.change(one.id, now => now && { ...now, clean: true })
    }
    this.#recount()
  }

  /** A clock that was ahead begins anew. */
  #heard(at: number): void {
    this.#since = Math.min(this.#since, at)
  }

  #recount(): void {
    const known = new Map<string, Set<string>>()
    for (const { id, sample } of [...this.#parts.records.all(), ...this.#fresh.values()]) {
      const to = this.contactOf(sample.address)?.contact
      if (to !== undefined) known.set(to, (known.get(to) ?? new Set()).add(id))
    }
    this.#known = known
  }

  /** A machine of another network, and one that its network is told of. */
  #isOthers({ sure, login, address }: Who): boolean {
    return sure === 'unknown' && login === undefined && this.contactOf(address) !== undefined
  }

  #add(seen: readonly SightingKind[], sample: Sample): void {
    const id = sourceOf(sample.address)
    const to = this.contactOf(sample.address)?.contact
    if (to === undefined || !this.#hasRoom(to, id)) return
    const before = this.#fresh.get(id)
    const { at } = sample
    const counts = Object.fromEntries(seen.map(kind => [kind, 1]))
    const clean = this.#clean.has(id)
    this.#fresh.set(id, both(before, { id, first: at, last: at, seen: counts, clean, sample }))
  }

  /** Whether it is remembered, or can be from now on. */
  #hasRoom(contact: string, id: string): boolean {
    const known = this.#known.get(contact) ?? new Set()
    if (!known.has(id) && known.size >= MOST) return false
    this.#known.set(contact, known.add(id))
    return true
  }
}

/** What another server passed on, and what a program writes (the null sender is one), says nothing of the machine; to a role mailbox others send what they complain of. */
const isItsOwn = (
  { recipients }: Message['tx'],
  { hops, automatic, receipt }: Message['summary'],
): boolean =>
  hops === 0 && !automatic && !receipt && !recipients.some(to => isRoleMailbox(personOf(to)))

/** The longest prefix that has it. */
function closest(contacts: readonly AbuseContact[], ip: Parameters<typeof contains>[1]) {
  let found: { readonly one: AbuseContact; readonly bits: number } | undefined
  for (const one of contacts)
    for (const prefix of one.networks)
      if (contains(prefix, ip) && prefix.bits > (found?.bits ?? -1))
        found = { one, bits: prefix.bits }
  return found?.one
}

const short = (text: string): string => text.slice(0, MOST_TEXT)
