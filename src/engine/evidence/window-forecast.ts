// What of one sender waits for the window, and about when the last of it leaves: said to its owner and to staff.

import { forecast } from '../../core/detection/episodes/window/forecast.ts'
import { type EpisodeView, isReturn } from '../../model/episode.ts'
import type { Subject } from '../../model/evidence.ts'
import type { PacedPart, Spool } from '../../ports/spool.ts'
import type { Paying } from './episodes.ts'

export type WaitsParts = {
  readonly spool: Pick<Spool, 'paced'>
  readonly paying: (
    whom: { readonly subjects: readonly Subject[] },
    at: number,
  ) => Promise<Paying | undefined>
}

export async function waitsOf(
  { spool, paying }: WaitsParts,
  payer: Subject,
  at: number,
): Promise<EpisodeView['waits']> {
  const heads = await spool.paced(payer, 1)
  if (heads.length === 0) return []
  const now = await paying({ subjects: [payer] }, at)
  return heads.map(head => {
    const until = leavesAt(head, head.recipientsWaiting, now, at)
    const waits = { bucket: head.bucket, recipients: head.recipientsWaiting, until }
    return isReturn(head.bucket, head.at, until) ? { ...waits, returns: true } : waits
  })
}

/** About when the last of so many recipients leaves that wait in the bucket of `part`, from its first on. */
export function leavesAt(
  { bucket, at: since }: Pick<PacedPart, 'bucket' | 'at'>,
  recipients: number,
  now: Paying | undefined,
  at: number,
): number {
  const [record] = now?.records ?? []
  if (!now || !record) return at
  return Math.round(forecast(record, { bucket, recipients, since }, now.allowance, at))
}
