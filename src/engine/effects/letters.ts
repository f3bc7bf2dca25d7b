// The owner is told: once of each decision, and once of each release, whatever happens in between.

import { imposedNotice, noticeFor } from '../../core/notices/notice.ts'
import type { NoticeKind } from '../../languages/notice-words.ts'
import { type Decision, QUIET_FOR } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Notices } from '../../ports/notices.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import type { Lanes } from '../evidence/lanes.ts'
import { hasOwner, type NoticeLetter, notify, type NotifyParts } from '../letters/notify.ts'
import { type Effect, isRelease, madeBy, type Save } from './effect.ts'

type LetterEffectParts = {
  readonly cases: Pick<Cases, 'inForce'>
  readonly notices: Pick<Notices, 'notices'>
  readonly subscribers: Subscribers
  readonly notifier: NotifyParts
  /** Letters of one case, one after the other: the second is not written where the first says the same. */
  readonly letterLanes: Pick<Lanes, 'run'>
}

export const letters: Effect<LetterEffectParts> = {
  name: 'letters',
  where: 'once',
  follow: async (save, parts) => {
    const letter = letterOf(save, parts)
    const work = letter && (() => write(save, letter, parts))
    if (work) await parts.letterLanes.run({ subjects: [save.incident.id], urgent: true }, work)
  },
}

function letterOf(save: Save, { cases, subscribers }: LetterEffectParts): NoticeLetter | undefined {
  const { incident } = save
  if (!hasOwner(incident)) return undefined
  const life = `${incident.id}.${incident.epoch}`
  if (isRelease(save))
    return { once: `released.${life}`, kind: 'released', at: incident.releasedAt ?? 0 }
  const made = madeBy(save, cases.inForce(incident.subject))
  const imposed = made.map(imposedLetter).find(letter => letter !== undefined)
  if (imposed) return imposed
  const plan =
    incident.subscriber === undefined ? undefined : subscribers.get(incident.subscriber)?.plan
  const kind = noticeFor(incident, plan === 'site' ? 'site' : 'other')
  if (!kind) return undefined
  if (incident.status === 'held') return waitingLetter(incident, kind)
  const [decided] = made.filter(({ by }) => by === 'evidence')
  return decided && { once: `${kind}.${decided.id}`, kind, at: decided.at }
}

/** For any save that raised the sum so high, but one letter only for as long as mail waits. */
function waitingLetter(incident: Incident, kind: NoticeKind): NoticeLetter | undefined {
  const { id, epoch, changedAt, noticeAt, releasedAt = 0 } = incident
  const told = noticeAt !== undefined && noticeAt > releasedAt && changedAt - noticeAt < QUIET_FOR
  if (told) return undefined
  const once = `${kind}.${id}.${epoch}.${Math.floor(changedAt / QUIET_FOR)}`
  return { once, kind, at: changedAt }
}

/** The owner gets a letter about decisions of staff, too, unless staff say that there is none. */
function imposedLetter({
  id,
  at,
  until,
  by,
  kind: decided,
  quiet,
}: Decision): NoticeLetter | undefined {
  const kind = by === 'staff' && !quiet ? imposedNotice(decided) : undefined
  return kind && { once: `${kind}.${id}`, kind, at, until }
}

/** Looks whether it was written; where that cannot be known, because Cordon ended just then, the queue does not take it twice. */
async function write(
  { incident }: Save,
  letter: NoticeLetter,
  { notices, notifier }: Pick<LetterEffectParts, 'notices' | 'notifier'>,
): Promise<void> {
  const { once, kind, at } = letter
  const written = await notices.notices(incident.id)
  if (written.some(one => one.id === once || (one.notice === kind && one.at >= at))) return
  await notify(notifier, incident, letter)
}
