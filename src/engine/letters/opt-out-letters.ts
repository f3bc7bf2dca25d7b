// Letters about a customer's own opt-out, and the same in one line for screens.

import type { NoticeKind } from '../../core/notices/notice-words.ts'
import type { OptOut } from '../../model/opt-out.ts'
import { type NotifyParts, writeLetter } from './notify.ts'
import { dayIn, minuteIn } from '../../model/local-time.ts'

type OptOutNoticeKind = Extract<NoticeKind, `opt-out-${string}`>

export async function optOutLetter(
  parts: NotifyParts,
  optOut: OptOut,
  {
    kind,
    at,
    proof,
  }: { readonly kind: OptOutNoticeKind; readonly at: number; readonly proof?: string },
): Promise<void> {
  const owner = parts.subscribers.get(optOut.subscriber)
  if (!owner) return
  const why = optOut.endedBy === undefined ? [] : [WHY[optOut.endedBy]]
  const id = await writeLetter(parts, owner, {
    kind,
    at,
    caseCode: optOut.code,
    since: minuteIn(parts.timeZone(), optOut.askedAt),
    seen: [summary(optOut), ...why],
    until: dayIn(parts.timeZone(), optOut.confirmBy ?? at),
    ...(proof === undefined ? {} : { proof }),
  })
  const [to] = owner.contacts
  if (id === undefined || to === undefined) return
  parts.reporter.note({ kind: 'notice-sent', at, subscriber: owner.id, to, notice: kind })
}

const WHY: Readonly<Record<NonNullable<OptOut['endedBy']>, string>> = {
  owner: 'you asked for it',
  finding: 'a device behind your connection was found to send spam',
  time: 'it was not confirmed for a year',
  staff: 'our staff ended it',
}

export const summary = ({ kind, destinations, server }: OptOut): string =>
  kind === 'own-server'
    ? `your own mail server ${server?.name ?? ''} may send to everybody`
    : `to ${destinations.join(', ')}, and to nobody else`

export const day = (at: number | undefined): string => new Date(at ?? 0).toISOString().slice(0, 10)
