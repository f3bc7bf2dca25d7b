// New recipients whose own servers took a message: a minute later that opens the sender's window a little, if nothing speaks against the
// sender by then. Kept in memory and applied when the sender's record is touched next, as of the minute in which it was due: the same as a
// timer would do, and the same in a replay. A restart forgets them, which opens nothing.

import { acceptedQuietly } from '../../core/detection/episodes/window/take.ts'
import type { Allowance } from '../../core/detection/episodes/tables.ts'
import { MINUTE } from '../../model/duration.ts'
import type { EpisodeSubject } from '../../model/episode.ts'
import type { OneRecord } from './episode-records.ts'

/** An acceptance opens the window after this time, if nothing speaks against the sender by then. */
const QUIET_AFTER = MINUTE

type Acceptance = { readonly due: number; readonly domain: number }

/** Subjects, and acceptances of one: what comes beyond them opens nothing. */
const MOST_SUBJECTS = 20_000
const MOST_OF_ONE = 200

export class QuietAcceptances {
  readonly #due = new Map<EpisodeSubject, readonly Acceptance[]>()

  /** `domain`: the organisational one. */
  add(subject: EpisodeSubject, domain: string, at: number): void {
    const known = this.#due.get(subject) ?? []
    if (known.length >= MOST_OF_ONE || (known.length === 0 && this.#due.size >= MOST_SUBJECTS))
      return
    this.#due.set(subject, [...known, { due: at + QUIET_AFTER, domain: numberOf(domain) }])
  }

  /** The record with those that are due; there is no list of large providers yet, so each domain counts five times a day. */
  applied(one: OneRecord, allowance: Allowance, at: number): OneRecord {
    let { record } = one
    for (const { due, domain } of this.#due.get(one.subject) ?? [])
      if (due <= at) record = acceptedQuietly(record, { domain, large: false }, allowance, due)
    return record === one.record ? one : { ...one, record }
  }

  /** Those that are due were applied. */
  forget(subject: EpisodeSubject, at: number): void {
    const left = (this.#due.get(subject) ?? []).filter(({ due }) => due > at)
    if (left.length > 0) this.#due.set(subject, left)
    else this.#due.delete(subject)
  }
}

function numberOf(domain: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < domain.length; i++) hash = Math.imul(hash ^ domain.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
