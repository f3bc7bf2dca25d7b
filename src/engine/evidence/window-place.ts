// What a message waits for before it leaves, known before it is kept: so that what waits is never in the queue as mail that is due. Nothing is
// counted or charged here.

import { step } from '../../core/detection/episodes/step.ts'
import { isTight } from '../../core/detection/episodes/window/bucket-of.ts'
import { partsOf } from '../../core/detection/episodes/window/parts.ts'
import {
  kindOfSubject,
  observationsIn,
  pacedAs,
  pacedFirstTimers,
} from '../../core/detection/observations-in.ts'
import type { WindowBucket } from '../../model/episode.ts'
import type { EventOf } from '../../model/event.ts'
import type { Subject } from '../../model/evidence.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import type { Reporter } from './report.ts'

/** A part that has no bucket leaves at once. */
export type MessagePlace = {
  readonly payer: Subject
  readonly known?: WindowBucket
  readonly new?: WindowBucket
}

type TakenMessage = Omit<EventOf<'tx-commit'>, 'id' | 'seq'>

/** Undefined where all of it leaves at once, whatever waits. */
export async function placeOf(
  { paying }: Pick<Reporter, 'paying'>,
  event: TakenMessage,
): Promise<MessagePlace | undefined> {
  const { at, facts } = event
  const observed = observationsIn({ ...event, id: event.message, seq: 0 })
  const judged = pacedAs(facts)
  const [payer] = observed?.subjects ?? []
  if (!observed || payer === undefined || (facts.answer === 'owed' && judged !== 'spam'))
    return undefined
  const now = await paying(observed, at)
  if (!now) return undefined
  const steps = now.payers.map((subject, i) =>
    step(now.records[i] as (typeof now.records)[number], observed.of(kindOfSubject(subject)), at),
  )
  const records = steps.map(({ state }) => state)
  const fresh = steps.some(one => one.fresh)
  const { recipients } = facts
  const firstTimers = pacedFirstTimers(facts)
  const [own] = records
  const parts = partsOf(records, { judged, fresh, recipients, firstTimers }).filter(
    ({ bucket }) => bucket !== 'known' || (own !== undefined && isTight(own)),
  )
  if (parts.length === 0) return undefined
  const bucketOf = (whose: 'known' | 'new') =>
    parts.find(({ to }) => to === whose || to === 'all')?.bucket
  const [known, strangers] = [bucketOf('known'), bucketOf('new')]
  return {
    payer,
    ...(known === undefined ? {} : { known }),
    ...(strangers === undefined ? {} : { new: strangers }),
  }
}

/** Of one recipient, by its keyed hash. */
export function bucketFor(
  placed: MessagePlace | undefined,
  { recipients, firstTime, episode }: MessageFacts,
  recipient: string | undefined,
): WindowBucket | undefined {
  const isNew =
    firstTime >= recipients ||
    (firstTime > 0 && (recipient === undefined || (episode?.newTo?.includes(recipient) ?? true)))
  return isNew ? placed?.new : placed?.known
}
