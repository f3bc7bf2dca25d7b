// Letters about a customer's own opt-out, and the same in one line for screens.

import { SENTENCES, sentencesOf } from '../../languages/languages.ts'
import type { SeenWords } from '../../languages/sentences.ts'
import type { NoticeKind } from '../../languages/notice-words.ts'
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
  const words = sentencesOf(owner.language).seen.optOut
  const why = optOut.endedBy === undefined ? [] : [words.ended[optOut.endedBy]]
  const id = await writeLetter(parts, owner, {
    kind,
    at,
    caseCode: optOut.code,
    since: minuteIn(parts.timeZone(), optOut.askedAt),
    seen: [inWords(words, optOut), ...why],
    until: dayIn(parts.timeZone(), optOut.confirmBy ?? at),
    ...(proof === undefined ? {} : { proof }),
  })
  const [to] = owner.contacts
  if (id === undefined || to === undefined) return
  parts.reporter.note({ kind: 'notice-sent', at, subscriber: owner.id, to, notice: kind })
}

const inWords = (words: SeenWords['optOut'], { kind, destinations, server }: OptOut): string =>
  kind === 'own-server'
    ? words.ownServer(server?.name ?? '')
    : words.destinations(destinations.join(', '))

/** As staff read it. */
export const summary = (optOut: OptOut): string => inWords(SENTENCES.en.seen.optOut, optOut)

export const day = (at: number | undefined): string => new Date(at ?? 0).toISOString().slice(0, 10)
