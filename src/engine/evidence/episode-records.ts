// The records of evidence by episodes in their store: read, changed by a pure function, and written on condition that no other caller wrote
// meanwhile. A record that cannot be read is told of and begun anew: it must neither restrict its subject nor cost a message.

import { bringBack } from '../../core/detection/episodes/bring-back.ts'
import { decodeRecord, encodeRecord } from '../../core/detection/episodes/record.ts'
import { newRecord, type SubjectRecord } from '../../core/detection/episodes/state.ts'
import { type Allowance, ALLOWANCES } from '../../core/detection/episodes/tables.ts'
import { kindOfSubject } from '../../core/detection/observations-in.ts'
import { BoundedMap } from '../../model/bounded-map.ts'
import type { Op } from '../../model/counter.ts'
import type { EpisodeSubject } from '../../model/episode.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import type { NewEvent } from '../../model/event.ts'
import type { Subject } from '../../model/evidence.ts'
import type { KeptState, SubjectState } from '../../ports/subject-state.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { ownerOf } from './gather.ts'

export type RecordParts = {
  readonly states: SubjectState
  readonly subscribers: Subscribers
  readonly note: (event: NewEvent) => void
}

export type OneRecord = {
  readonly subject: EpisodeSubject
  readonly record: SubjectRecord
  /** It was kept before. */
  readonly isKept: boolean
}

/** The new record of each; the others stay as they are. */
export type Changes = {
  readonly records: ReadonlyMap<EpisodeSubject, SubjectRecord>
  readonly ops?: readonly Op[]
}

/** Others are faster so many times in a row only if something is broken. */
const MAX_ATTEMPTS = 100
/** Records that are not decoded again, about 4 KB each. They are recognised by their bytes, so what another node wrote is read anew. */
const DECODED = 2_048

export class EpisodeRecords {
  readonly #parts: RecordParts
  readonly #decoded = new BoundedMap<
    string,
    { readonly bytes: Uint8Array; readonly record: SubjectRecord }
  >(DECODED)

  constructor(parts: RecordParts) {
    this.#parts = parts
  }

  /** As they are now; of a subject that has none, a new one. */
  async read(subjects: readonly EpisodeSubject[], at: number): Promise<readonly OneRecord[]> {
    const { found } = await this.#load(subjects, at)
    return found
  }

  /** `change` is called again each time that another change was written first. */
  async change<C extends Changes>(
    subjects: readonly EpisodeSubject[],
    at: number,
    change: (found: readonly OneRecord[]) => C,
  ): Promise<C> {
    const { states, note } = this.#parts
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      const { kept, found, damaged } = await this.#load(subjects, at)
      const changed = change(found)
      const { records, ops = [] } = changed
      const next = found.flatMap(({ subject }, i): KeptState[] => {
        const record = records.get(subject)
        return record ? [{ ...(kept[i] as KeptState), bytes: encodeRecord(record) }] : []
      })
      const swapped = await states.swap({ at, ops, states: next })
      if ('failed' in swapped) throw new StoreUnavailable(swapped.failed)
      if (swapped.outcome === 'stale') continue
      for (const { key, bytes } of next)
        this.#remember(key, bytes, records.get(subjectOf(key)) as SubjectRecord)
      for (const event of damaged) note(event)
      return changed
    }
    throw new StoreUnavailable(`an episode was changed by others ${MAX_ATTEMPTS} times`)
  }

  allowanceOf(subject: EpisodeSubject): Allowance {
    const isSource = kindOfSubject(subject) === 'source'
    const owner = isSource ? undefined : ownerOf(this.#parts.subscribers, subject as Subject)
    const isBusiness = owner?.plan === 'business' || owner?.plan === 'site'
    return ALLOWANCES[isBusiness ? 'business' : 'person']
  }

  async #load(subjects: readonly EpisodeSubject[], at: number) {
    const loaded = await this.#parts.states.load(subjects.map(keyOf))
    if ('failed' in loaded) throw new StoreUnavailable(loaded.failed)
    const damaged: NewEvent[] = []
    const found = subjects.map((subject, i): OneRecord => {
      const { bytes } = loaded.states[i] as KeptState
      const fresh = () => newRecord(kindOfSubject(subject), at, this.allowanceOf(subject))
      if (bytes.length === 0) return { subject, record: fresh(), isKept: false }
      const decoded = this.#decode(keyOf(subject), bytes)
      if ('record' in decoded)
        return { subject, record: bringBack(decoded.record, at), isKept: true }
      damaged.push({ kind: 'episode-begun-anew', at, subject, why: decoded.damaged })
      return { subject, record: fresh(), isKept: false }
    })
    return { kept: loaded.states, found, damaged }
  }

  #decode(key: string, bytes: Uint8Array): ReturnType<typeof decodeRecord> {
    const before = this.#decoded.get(key)
    if (before && isSame(before.bytes, bytes)) return before
    const decoded = decodeRecord(bytes)
    if ('record' in decoded) this.#remember(key, bytes, decoded.record)
    return decoded
  }

  #remember(key: string, bytes: Uint8Array, record: SubjectRecord): void {
    this.#decoded.delete(key)
    this.#decoded.set(key, { bytes, record })
  }
}

const PREFIX = 'episode:'
const keyOf = (subject: EpisodeSubject): string => PREFIX + subject
const subjectOf = (key: string): EpisodeSubject => key.slice(PREFIX.length) as EpisodeSubject

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
