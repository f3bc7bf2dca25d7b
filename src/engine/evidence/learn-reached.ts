// Those whom mail that waited has reached are known from then on, and not from when it came: else the same again would not wait behind it.

import { correspondentKey } from '../../mail/correspondent-key.ts'
import type { Counters } from '../../ports/counters.ts'
import type { PacedPart, QueueRow } from '../../ports/spool.ts'
import { correspondentsOfSender, metTodayBy } from './correspondents.ts'

export type LearnParts = {
  readonly counters: Counters
  /** Of the keys of correspondents. */
  readonly secret: string
}

type Reached = {
  /** As the queue has changed them. */
  readonly rows: readonly QueueRow[]
  /** Recipients. */
  readonly units: number
  readonly at: number
}

export async function learnReached(
  { counters, secret }: LearnParts,
  part: PacedPart,
  reached: Reached,
): Promise<void> {
  const isNew = newIn(part)
  const keys = keysOf(part, reached, secret)
  const met = keys.filter(isNew)
  if (met.length === 0) return
  const { login, subscriber } = part
  const writer = { login, subscriber, address: '' }
  const ops = [correspondentsOfSender(writer, met), metTodayBy(writer, met)]
  await counters.apply({ at: reached.at, mode: 'take', ops })
}

function newIn({ facts }: PacedPart): (key: string) => boolean {
  const { firstTime = 0, recipients = 1, episode } = facts ?? {}
  return key => firstTime >= recipients || (firstTime > 0 && episode?.newTo?.includes(key) === true)
}

/** What another server keeps goes with the last of its recipients, and all of them are named in its facts. */
function keysOf(part: PacedPart, { rows, units }: Reached, secret: string): readonly string[] {
  if (part.keptAs === undefined) return rows.map(row => correspondentKey(row.recipient, secret))
  return units < part.recipients ? [] : (part.facts?.episode?.newTo ?? [])
}
