// An owner whose mail waits for its window is asked whether it is theirs: one letter a day for all that waits, never one about each message. It
// holds nothing that a thief who reads the mailbox could use: no code, no link, and not what mail that is taken for spam waits for.

import type { PacedFacts } from '../../languages/notice-words.ts'
import { DAY, MINUTE } from '../../model/duration.ts'
import type { EpisodeView, WindowBucket } from '../../model/episode.ts'
import { isLine, type Subject, subjectName } from '../../model/evidence.ts'
import { minuteIn } from '../../model/local-time.ts'
import type { Counters } from '../../ports/counters.ts'
import type { PacedPart, Spool } from '../../ports/spool.ts'
import { ownerOf } from '../evidence/gather.ts'
import { type WaitsParts, waitsOf } from '../evidence/window-forecast.ts'
import { type NotifyParts, ofAddress, type Owner, writeLetter } from './notify.ts'

export type AskParts = {
  readonly spool: Pick<Spool, 'paced' | 'payers'>
  readonly counters: Pick<Counters, 'apply'>
  readonly notifier: NotifyParts
  readonly paying: WaitsParts['paying']
  readonly trouble: (error: unknown, about: string) => void
}

/** What has waited for so long is asked about: ordinary mail has gone by then. */
const ASKED_AFTER = 30 * MINUTE
/** A letter a day, for an owner. */
const ASKED_EVERY = DAY

/** What waits of one owner, its line and logins together. */
type Waiting = { readonly owner: Owner; readonly payers: Subject[] }

export async function askOwners(parts: AskParts, at: number): Promise<void> {
  for (const waiting of ownersOf(parts, await parts.spool.payers()))
    await askOne(parts, waiting, at).catch(error => parts.trouble(error, 'asking an owner'))
}

function ownersOf(
  { notifier: { subscribers } }: AskParts,
  payers: readonly Subject[],
): readonly Waiting[] {
  const all = new Map<string, Waiting>()
  for (const payer of payers) {
    const owner =
      ownerOf(subscribers, payer) ?? (isLine(payer) ? undefined : ofAddress(subjectName(payer)))
    if (!owner) continue
    const known = all.get(owner.id)
    if (known) known.payers.push(payer)
    else all.set(owner.id, { owner, payers: [payer] })
  }
  return [...all.values()]
}

async function askOne(parts: AskParts, { owner, payers }: Waiting, at: number): Promise<void> {
  const { counters, spool, notifier, paying } = parts
  const ops = [{ op: 'mark', key: `asked-of:${owner.id}`, ttl: ASKED_EVERY }] as const
  const asked = await counters.apply({ at, mode: 'peek', ops })
  if ('failed' in asked || (asked.readings[0]?.value ?? 0) > 0) return
  const heads = (await Promise.all(payers.map(payer => spool.paced(payer, 1)))).flat()
  const [first] = heads.toSorted((a, b) => a.at - b.at)
  if (!first || at - first.at < ASKED_AFTER) return
  // The mark may be lost when Cordon is killed; the queue remembers the name, and takes it once.
  const once = `was-it-you.${encodeURIComponent(owner.id)}.${Math.floor(at / ASKED_EVERY)}`
  const waits = await Promise.all(payers.map(one => waitsOf({ spool, paying }, one, at)))
  const [payer, ...others] = payers
  const id = await writeLetter(notifier, owner, {
    kind: 'was-it-you',
    at,
    once,
    since: minuteIn(notifier.timeZone(), first.at),
    seen: [],
    paced: pacedFacts(heads, waits.flat(), notifier.timeZone()),
    ...(payer && others.length === 0 && !isLine(payer) ? { login: subjectName(payer) } : {}),
  })
  await counters.apply({ at, mode: 'take', ops })
  const [to] = owner.contacts
  if (id === undefined || to === undefined) return
  const told = { kind: 'notice-sent', at, subscriber: owner.id, to } as const
  notifier.reporter.note({ ...told, notice: 'was-it-you' })
}

/** From the first part of each bucket, which knows how many wait behind it. */
function pacedFacts(
  heads: readonly PacedPart[],
  waits: EpisodeView['waits'],
  timeZone: string,
): PacedFacts {
  const messages = (buckets: readonly WindowBucket[]) =>
    heads
      .filter(({ bucket }) => buckets.includes(bucket))
      .reduce((sum, { messagesWaiting }) => sum + messagesWaiting, 0)
  const last = waits
    .filter(({ returns }) => !returns)
    .reduce((latest, { until }) => Math.max(latest, until), 0)
  return {
    toNew: messages(['new']),
    toKnown: messages(['known']),
    judgedSpam: messages(['spam-to-new', 'spam-to-known']),
    ...(last > 0 ? { lastLeaves: minuteIn(timeZone, last) } : {}),
  }
}
