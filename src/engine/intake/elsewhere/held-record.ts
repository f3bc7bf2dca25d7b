// What is known of one message that another server holds for us, and how it stands in a list beside the rows of our own queue.

import { heldFor } from '../../../model/held-for.ts'
import type { MessageFacts } from '../../../model/message-facts.ts'
import type { MessagePlace } from '../../evidence/window-place.ts'
import type { QueueFilter, QueueRow, RecipientState, WindowPlace } from '../../../ports/spool.ts'

/** What a message waits for in the window of its sender; that server lets go of whole messages. */
export type WindowThere = WindowPlace & {
  /** Recipients that have no token yet: the message goes with the last of them. */
  readonly units: number
}

/** One message; `id` is what the other server calls it. */
export type HeldRecord = Omit<QueueRow, 'state' | 'attempts' | 'keptAs' | 'bucket'> & {
  readonly id: string
  /** It was in the queue that the releaser looks at. */
  readonly seen?: true
  /** Of what is paced, and of what is held and paced then. */
  readonly window?: WindowThere
  /** It waits for the window now. */
  readonly paced?: true
  /** With `window`: whose tokens it takes. */
  readonly facts?: MessageFacts
}

/** That server lets go of whole messages: one waits for what its strangers wait for, and where they wait for nothing, for the others. */
export function windowThere(
  { recipients, firstTime }: MessageFacts,
  placed: MessagePlace,
): WindowThere | undefined {
  const { payer } = placed
  if (placed.new !== undefined) {
    const units = placed.new === placed.known ? recipients : firstTime
    return { payer, bucket: placed.new, units: Math.max(1, units) }
  }
  return placed.known && { payer, bucket: placed.known, units: Math.max(1, recipients - firstTime) }
}

/** One row a message: that server holds it for all of its recipients. */
export const rowOf = ({
  id,
  seen: _seen,
  facts: _facts,
  window,
  paced,
  ...held
}: HeldRecord): QueueRow => ({
  ...held,
  state: paced ? 'paced' : 'held',
  ...(window ? { bucket: window.bucket } : {}),
  attempts: 0,
  keptAs: id,
})

/** It has its tokens, and waits no more: the second look lets it go, if no case holds it by then. */
export const outOfWindow = ({ window: _window, paced: _paced, ...one }: HeldRecord): HeldRecord =>
  one

export function isChosen(one: HeldRecord, filter: QueueFilter): boolean {
  const { message, login, subscriber, dueBefore, minNats = 0, bucket } = filter
  return (
    isIn(filter.state, one.paced ? 'paced' : 'held') &&
    (message === undefined || message === one.message || message === one.id) &&
    (login === undefined || login === one.login) &&
    (subscriber === undefined || subscriber === one.subscriber) &&
    (bucket === undefined || bucket === one.window?.bucket) &&
    (dueBefore === undefined || one.due <= dueBefore) &&
    (!filter.forEvidence || heldFor(one.why).reason === 'evidence') &&
    one.nats >= minNats
  )
}

const isIn = (asked: QueueFilter['state'], state: RecipientState): boolean =>
  asked === undefined || (typeof asked === 'string' ? asked === state : asked.includes(state))

type HeldPlace = Pick<QueueRow, 'due' | 'message' | 'recipient'>

/** The order of `Spool.list`. */
export const inOrder = (one: HeldPlace, other: HeldPlace): number =>
  one.due - other.due ||
  compared(one.message, other.message) ||
  compared(one.recipient, other.recipient)

export const compared = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0

export function splitBy<T>(all: readonly T[], test: (one: T) => boolean): readonly [T[], T[]] {
  const { yes = [], no = [] } = Object.groupBy(all, one => (test(one) ? 'yes' : 'no'))
  return [yes, no]
}
