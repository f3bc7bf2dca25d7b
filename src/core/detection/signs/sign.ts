// What an entry of the list of network signs is (signs.ts): a kind of event, what it counts as evidence, and how much that says.

import type { Op } from '../../../model/counter.ts'
import type { EventOf } from '../../../model/event.ts'
import { lineOf, type Subject, type Unit } from '../../../model/evidence.ts'
import type { Who } from '../../../model/lease.ts'
import type { Question } from '../../../model/question.ts'
import type { Cell } from '../evidence-table.ts'

export type NetworkKind = 'egress-attempt' | 'traffic-seen'

/** An event before it has its place in the order of things. */
export type Unstamped<K extends NetworkKind> = Omit<EventOf<K>, 'id' | 'seq'>

/** From so many on of one line within the window (core/detection/numbers.ts). `name` stands in the case file, and in docs/evidence.md. */
export type SignCell = { readonly name: string; readonly from: number; readonly cell: Cell }

export type NetworkSign<K extends NetworkKind> = {
  readonly name: string
  readonly kind: K
  /** What is looked up before the event has its turn; none for an event that is no evidence about a line. */
  asks?(event: Unstamped<K>): Question | undefined
  /** Counter operations before the event is weighed; the event records their readings. `epoch`: releases so far. */
  needs?(event: Unstamped<K>, subject: Subject, epoch: number): readonly Op[]
  /** The units of evidence in an event of this kind, which carries all facts; none where the event is no evidence about a line. */
  counts(event: EventOf<K>): readonly Unit[]
  /** The fewest first. */
  readonly cells: readonly SignCell[]
}

/** The line, when it is certain that the address was that subscriber's. */
export const certainLine = ({ sure, subscriber }: Who): Subject | undefined =>
  sure === 'certain' && subscriber !== undefined ? lineOf(subscriber) : undefined
