// A message leaves whole, or its known recipients first and the others as one second part.

import type { SubjectRecord } from '../state.ts'
import { bucketOf, type Part } from './bucket-of.ts'
import type { Bucket } from './refill.ts'

export type SentMessage = Pick<Part, 'judged' | 'fresh'> & {
  readonly recipients: number
  readonly firstTimers: number
}

export type MessagePart = {
  /** Recipients. */
  readonly units: number
  readonly bucket: Bucket
  /** Which of its recipients. */
  readonly to: 'known' | 'new' | 'all'
}

/** `records`: of all that it feeds, its sender's own first. */
export function partsOf(
  records: readonly SubjectRecord[],
  { judged, fresh, recipients, firstTimers }: SentMessage,
): readonly MessagePart[] {
  const hasFirstTimer = firstTimers > 0
  const bucket = (to: 'known' | 'new') =>
    bucketOf(records, { judged, hasFirstTimer, firstTimer: to === 'new', fresh, recipients })
  const known = recipients - firstTimers
  if (known <= 0) return [{ units: firstTimers, bucket: bucket('new'), to: 'all' }]
  if (!hasFirstTimer) return [{ units: known, bucket: bucket('known'), to: 'all' }]
  if (bucket('new') === bucket('known'))
    return [{ units: recipients, bucket: bucket('new'), to: 'all' }]
  return [
    { units: known, bucket: bucket('known'), to: 'known' },
    { units: firstTimers, bucket: bucket('new'), to: 'new' },
  ]
}
