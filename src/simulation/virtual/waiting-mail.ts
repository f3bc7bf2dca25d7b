// What waits of one login or line is tried in the order of the window: by an exit, by tokens, or it goes on waiting.

import type { SubjectRecord } from '../../core/detection/episodes/state.ts'
import type { Allowance } from '../../core/detection/episodes/tables.ts'
import { exit } from '../../core/detection/episodes/window/exits.ts'
import type { Bucket } from '../../core/detection/episodes/window/refill.ts'
import { releaseOrder } from '../../core/detection/episodes/window/release-order.ts'
import { take } from '../../core/detection/episodes/window/take.ts'
import type { SimulatedMail, SimulatedRecipient } from '../population/simulated-mail.ts'
import type { SimulatedSubjects, SubjectName } from './simulated-subjects.ts'

/** One recipient of a message. */
export type WaitingPart = {
  readonly mail: SimulatedMail
  readonly who: SimulatedRecipient
  readonly firstTimer: boolean
  /** From a network that is not the login's own. */
  readonly fresh: boolean
  readonly bucket: Bucket
  /** That it feeds: its sender's own, then the source. */
  readonly subjects: readonly [own: SubjectName, ...source: SubjectName[]]
  readonly since: number
}

type Releaser = {
  readonly allowance: Allowance
  readonly subjects: SimulatedSubjects
  /** Messages of which a recipient left by an exit. */
  readonly byExit: WeakSet<SimulatedMail>
  leaves(one: WaitingPart): void
  returns(one: WaitingPart): void
}

/** What waits in one bucket, in the order in which it came; those before `first` are gone. */
type BucketQueue = {
  readonly parts: WaitingPart[]
  first: number
  /** Recipients of each message that wait. */
  readonly messages: Map<SimulatedMail, number>
}

const headOf = ({ parts, first }: BucketQueue): WaitingPart[] => parts.slice(first, first + 1)

/** Of one login or line. */
export class WaitingMail {
  readonly #lines = new Map<Bucket, BucketQueue>()

  get isEmpty(): boolean {
    return this.#lines.size === 0
  }

  has(bucket: Bucket): boolean {
    return this.#lines.has(bucket)
  }

  add(one: WaitingPart): void {
    const line: BucketQueue = this.#lines.get(one.bucket) ?? {
      parts: [],
      first: 0,
      messages: new Map(),
    }
    line.parts.push(one)
    line.messages.set(one.mail, (line.messages.get(one.mail) ?? 0) + 1)
    this.#lines.set(one.bucket, line)
  }

  /** Turn by turn, the first of each bucket that is open still. */
  release(at: number, releaser: Releaser): void {
    const open = new Set(this.#lines.values())
    while (open.size > 0)
      for (const one of releaseOrder([...open].flatMap(headOf))) {
        const line = this.#lines.get(one.bucket) as BucketQueue
        const said = tried(one, line, at, releaser)
        if (said === 'waits') open.delete(line)
        else {
          this.#takeFirst(line, one)
          if (line.first === line.parts.length) open.delete(line)
          if (said === 'returns') releaser.returns(one)
          else releaser.leaves(one)
        }
      }
  }

  #takeFirst(line: BucketQueue, { bucket, mail }: WaitingPart): void {
    line.first++
    const left = (line.messages.get(mail) ?? 1) - 1
    if (left > 0) line.messages.set(mail, left)
    else line.messages.delete(mail)
    if (line.first === line.parts.length) this.#lines.delete(bucket)
  }
}

/** Of a message to one. */
export const personOf = ({ people }: SimulatedMail): number | undefined =>
  people.length === 1 ? people[0]?.id : undefined

function tried(
  { bucket, mail, since, subjects: names }: WaitingPart,
  { parts, first, messages }: BucketQueue,
  at: number,
  { allowance, subjects: all, byExit }: Releaser,
): 'leaves' | 'returns' | 'waits' {
  const judgedSpam = mail.judged === 'spam'
  const suspect = bucket.startsWith('spam')
  const waits = {
    bucket,
    judgedSpam,
    since,
    waiting: suspect ? messages.size : parts.length - first,
    size: mail.people.length,
    messageLeft: byExit.has(mail),
    person: personOf(mail),
  }
  const records: SubjectRecord[] = names.map(name => all.of(name, at))
  const found = exit(records, waits, allowance, at)
  if (found.exit === 'leaves') byExit.add(mail)
  all.put(names, found.records)
  if (found.exit !== 'waits') return found.exit
  const outcome = take(found.records, { bucket, judgedSpam, person: waits.person }, allowance, at)
  all.put(names, outcome.records)
  return outcome.taken ? 'leaves' : 'waits'
}
