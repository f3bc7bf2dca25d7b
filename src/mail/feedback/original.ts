// What the header of a reported message says that we can look up: only what we wrote ourselves, and its Message-ID. The Received lines of
// others are theirs, and not believed.

import type { Feedback } from '../../model/feedback.ts'
import { canonicalIp } from '../../model/ip.ts'
import { messageIds } from '../answered-ids.ts'
import { type Field, fieldValue } from '../header.ts'

const MAX_FOUND = 5
/** Characters of a field that are looked at: ours are shorter. */
const MAX_VALUE = 1000
/** As trace.ts writes it, unfolded; the queue id as drivers/names makes it. */
const OURS =
  /^from \S{1,300} \(\[(?:IPv6:)?([0-9a-fA-F.:]{2,45})\]\) {1,9}by (\S{1,255}) with \w{1,20} id ([0-9A-HJKMNP-TV-Z]{16})\b/
const REFERENCE = /^v\d\.[0-9A-Za-z_-]{10,100}$/

export const REFERENCE_FIELD = 'x-cordon-ref'

export type Original = Pick<Feedback, 'references' | 'queueIds'> & {
  readonly messageId?: string
  /** The client that handed it to us, by our own line. */
  readonly handedInBy?: string
}

export const NO_ORIGINAL: Original = { references: [], queueIds: [] }

export function originalOf(fields: readonly Field[], ourName: string): Original {
  const ours = fields
    .filter(({ name }) => name === 'received')
    .flatMap(({ value }) => {
      const [, address = '', by = '', id = ''] = OURS.exec(value.slice(0, MAX_VALUE)) ?? []
      return by.toLowerCase() === ourName.toLowerCase() ? [{ address, id }] : []
    })
    .slice(0, MAX_FOUND)
  const references = fields
    .filter(({ name, value }) => name === REFERENCE_FIELD && REFERENCE.test(value))
    .map(({ value }) => value)
  const [messageId] = messageIds(fieldValue(fields, 'message-id') ?? '')
  const handedInBy = canonicalIp(ours[0]?.address ?? '')
  return {
    references: references.slice(0, MAX_FOUND),
    queueIds: ours.map(({ id }) => id),
    ...(messageId === undefined ? {} : { messageId }),
    ...(handedInBy === undefined ? {} : { handedInBy }),
  }
}

/** Whether there is anything in it that can be looked up. */
export const saysSomething = ({ references, queueIds, messageId }: Original): boolean =>
  references.length > 0 || queueIds.length > 0 || messageId !== undefined
