// Machines of other networks that were seen to send spam here, for the reports to those who run them (`feedback.reports`). Counted in
// memory and written once a minute: a crash loses what was seen in the last one. Nothing is kept of networks without a contact.

import { correspondentKey } from '../../../mail/correspondent-key.ts'
import { BoundedMap } from '../../../model/bounded-map.ts'
import { DAY } from '../../../model/duration.ts'
import type { EventOf } from '../../../model/event.ts'
import { canonicalIp, contains, type Prefix, parseIp, sourceOf } from '../../../model/ip.ts'
import type { Who } from '../../../model/lease.ts'
import {
  both,
  type ReportFormat,
  type Sample,
  type SightingKind,
  type Sighting,
} from '../../../model/sighting.ts'
import type { Records } from '../../../ports/records.ts'
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
  readonly secret: string
}

/** Machines that are remembered at once: what comes after them is forgotten, for there is enough to report. */
const MOST = 5_000
const MOST_CLEAN = 20_000
/** What was not reported by then is old. */
const KEPT = 2 * DAY
/** Characters of what a stranger wrote. */
const MOST_TEXT = 200

export class Sightings {
  readonly #parts: SightingParts
  #fresh = new Map<string, Sighting>()
  /** Machines that sent mail in which nothing was found, and when. */
  readonly #clean = new BoundedMap<string, number>(MOST_CLEAN)
  /** As many as were written down the last time. */
  #kept: number

  constructor(parts: SightingParts) {
    this.#parts = parts
    this.#kept = Array.from(parts.records.all()).length
  }

  /** A message that a stranger handed in, whatever became of it. */
  message({ tx, step, summary, trapped }: Message): void {
    if (tx.listener !== 'inbound' || !this.#isOthers(step.who)) return
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
      at: step.at,
      address,
      port: tx.client.port,
      helo: short(tx.helo),
      ...(virus === undefined ? {} : { virus: short(virus) }),
      ...told({ tx, summary, isTrap, secret: this.#parts.secret }),
    })
  }

  /** Mail that a stranger handed to a decoy. */
  decoy({ at, who, helo }: EventOf<'decoy-mail'>): void {
    if (!this.#isOthers(who)) return
    const address = canonicalIp(who.address) ?? who.address
    this.#add(['decoy'], { at, address, port: who.port ?? 0, helo: short(helo), sender: '' })
  }

  contactOf(address: string): AbuseContact | undefined {
    const ip = parseIp(address)
    return ip && closest(this.#parts.contacts(), ip)
  }

  /** Writes down what was seen since the last time, and forgets what is old. */
  async write(at: number): Promise<void> {
    const { records } = this.#parts
    const fresh = this.#fresh
    this.#fresh = new Map()
    const written = [...fresh.values()].map(async seen => {
      try {
        await records.change(seen.id, before => both(before, seen))
      } catch (error) {
        // What the disk refuses is written the next time.
        this.#fresh.set(seen.id, both(this.#fresh.get(seen.id), seen))
        throw error
      }
    })
    await Promise.allSettled(written)
    await Promise.all(written)
    const all = Array.from(records.all())
    for (const one of all) {
      // A clock that was ahead has seen what is still to come.
      if (Math.abs(at - one.last) > KEPT) await records.change(one.id, () => 'gone')
      else if (!one.clean && this.#clean.has(one.id))
        await records.change(one.id, now => now && { ...now, clean: true })
    }
    this.#kept = Array.from(records.all()).length
  }

  /** A machine of another network, and one that its network is told of. */
  #isOthers({ sure, login, address }: Who): boolean {
    return sure === 'unknown' && login === undefined && this.contactOf(address) !== undefined
  }

  #add(seen: readonly SightingKind[], sample: Sample): void {
    const id = sourceOf(sample.address)
    const { records } = this.#parts
    const before = this.#fresh.get(id)
    if (!before && !records.get(id) && this.#fresh.size + this.#kept >= MOST) return
    const { at } = sample
    const counts = Object.fromEntries(seen.map(kind => [kind, 1]))
    const clean = this.#clean.has(id)
    this.#fresh.set(id, both(before, { id, first: at, last: at, seen: counts, clean, sample }))
  }
}

/** The longest prefix that has it. */
function closest(contacts: readonly AbuseContact[], ip: Parameters<typeof contains>[1]) {
  let found: { readonly one: AbuseContact; readonly bits: number } | undefined
  for (const one of contacts)
    for (const prefix of one.networks)
      if (contains(prefix, ip) && prefix.bits > (found?.bits ?? -1))
        found = { one, bits: prefix.bits }
  return found?.one
}

type Hiding = Pick<Message, 'tx' | 'summary'> & {
  readonly isTrap: boolean
  readonly secret: string
}

/** What may be told of a message: nothing that was made for one recipient, for that would tell who it was, or which address is a trap. */
function told({
  tx,
  summary,
  isTrap,
  secret,
}: Hiding): Pick<Sample, 'sender' | 'subject' | 'messageId'> {
  const names = tx.recipients.flatMap(namesOf)
  const says = (text: string) => names.some(name => text.toLowerCase().includes(name))
  const key = tx.sender === '' ? '' : short(correspondentKey(tx.sender, secret))
  if (isTrap) return { sender: key }
  const { messageId = '' } = summary
  return {
    sender: says(tx.sender) ? key : short(tx.sender),
    subject: short(hide(summary.subject, names)),
    ...(messageId === '' || says(messageId) ? {} : { messageId: short(messageId) }),
  }
}

/** Letters of a name that is looked for: shorter ones stand in any text. */
const LEAST_NAME = 3

/** As they may stand in a text: the address, and its local part. */
const namesOf = (recipient: string): readonly string[] =>
  [recipient, recipient.slice(0, recipient.lastIndexOf('@'))]
    .map(name => name.toLowerCase())
    .filter(name => name.length >= LEAST_NAME)

const hide = (text: string, names: readonly string[]): string =>
  names.reduce((rest, name) => rest.replaceAll(new RegExp(RegExp.escape(name), 'gi'), '...'), text)

const short = (text: string): string => text.slice(0, MOST_TEXT)
