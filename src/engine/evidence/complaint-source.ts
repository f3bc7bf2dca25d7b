// Whom a complaint is about: a message that we took from a customer, or the line that had the address then. Only our own names of a message
// and our own leases say so.

import { referenced } from '../../mail/feedback/reference.ts'
import type { Complaint, TracedBy } from '../../model/complaint.ts'
import { DAY } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'
import type { Feedback } from '../../model/feedback.ts'
import { isCustomers } from '../../model/step.ts'
import type { EventIndex } from '../../ports/event-index.ts'
import type { Leases } from '../../ports/leases.ts'

export type SourceParts = {
  readonly events: Pick<EventIndex, 'find'>
  readonly leases: Pick<Leases, 'holderAt'>
  /** As it stands in Received lines. */
  readonly ourName: string
  /** Of our references. */
  readonly secret: string
}

/** The journal is kept for seven days; a message may wait before. */
const JOURNAL = 8 * DAY
/** By so much a reporter's clock may differ from ours. */
const UNCERTAIN = 60_000
const MAX_ADDRESS_AGE = 30 * DAY
/** Of one message. */
const EVENTS_LOOKED_AT = 20

type Whose = Pick<Complaint, 'tracedBy' | 'message' | 'login' | 'subscriber'>
export type ComplaintSource = {
  readonly whose: Whose
  /** The message, where it is known. */
  readonly taken?: EventOf<'tx-commit'>
}

/** Undefined when no customer is known. */
export async function sourceOfComplaint(
  parts: SourceParts,
  read: Feedback,
  at: number,
): Promise<ComplaintSource | undefined> {
  return (await byMessage(parts, read, at)) ?? byLease(parts, read, at)
}

/** A message of a customer's that we took. */
async function byMessage(
  parts: SourceParts,
  read: Feedback,
  at: number,
): Promise<ComplaintSource | undefined> {
  for (const [message, tracedBy] of namesOf(parts, read)) {
    const found = await parts.events.find(`message:${message}`, {
      since: at - JOURNAL,
      limit: EVENTS_LOOKED_AT,
    })
    const taken = found.events.find(event => event.kind === 'tx-commit')
    const owner = taken && ownerOf(taken)
    if (owner) return { whose: { tracedBy, message, ...owner }, taken }
  }
  return undefined
}

/** Our own names of it, the surest first. */
function namesOf(
  { ourName, secret }: SourceParts,
  { references, queueIds, messageId }: Feedback,
): readonly (readonly [message: string, by: TracedBy])[] {
  const byReference = references.flatMap(one => referenced(one, secret) ?? [])
  const own = ownId(messageId, ourName)
  return [
    ...byReference.map(one => [one, 'reference'] as const),
    ...queueIds.map(one => [one, 'queue-id'] as const),
    ...(own === undefined ? [] : [[own, 'message-id'] as const]),
  ]
}

function ownerOf({ who, listener }: EventOf<'tx-commit'>) {
  if (!isCustomers(listener)) return undefined
  const { login, subscriber, sure } = who
  const line = sure === 'certain' ? subscriber : undefined
  if (login === undefined && line === undefined) return undefined
  return {
    ...(login === undefined ? {} : { login }),
    ...(line === undefined ? {} : { subscriber: line }),
  }
}

/** A Message-ID that we wrote is the queue id at our name (mail/trace.ts). */
function ownId(messageId: string | undefined, ourName: string): string | undefined {
  const [, id = '', host = ''] =
    /^([0-9A-HJKMNP-TV-Z]{16})@(\S{1,255})$/.exec(messageId ?? '') ?? []
  return host.toLowerCase() === ourName.toLowerCase() ? id : undefined
}

/** The line that had the address, and port, then. Without the time, or where more than one may have had it, it is not known whose it was. */
function byLease(
  { leases }: SourceParts,
  { address, port, arrivedAt }: Feedback,
  at: number,
): ComplaintSource | undefined {
  if (address === undefined || arrivedAt === undefined) return undefined
  if (arrivedAt > at + UNCERTAIN || arrivedAt < at - MAX_ADDRESS_AGE) return undefined
  const during = { since: arrivedAt - UNCERTAIN, at: Math.min(at, arrivedAt + UNCERTAIN) }
  const { sure, subscriber } = leases.holderAt('main', address, port, during)
  return sure === 'certain' && subscriber !== undefined
    ? { whose: { tracedBy: 'lease', subscriber } }
    : undefined
}
