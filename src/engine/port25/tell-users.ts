// Writes to customers who use port 25 that it will be closed, what was seen of their use, and what they can do.

import { sentencesOf } from '../../languages/languages.ts'
import { useOf } from '../../core/isolation/rollout.ts'
import { minuteIn } from '../../model/local-time.ts'
import type { Port25Use, RolloutPart } from '../../model/rollout.ts'
import { type NotifyParts, writeLetter } from '../letters/notify.ts'
import { day } from '../letters/opt-out-letters.ts'

/** Destinations that a letter names. */
const NAMED = 5

/** Returns the customers who were written to. */
export async function tellUsers(
  notifier: NotifyParts,
  part: RolloutPart,
  { users, at }: { readonly users: readonly Port25Use[]; readonly at: number },
): Promise<string[]> {
  const told: string[] = []
  for (const use of users) if (await tellUser(notifier, part, { use, at })) told.push(use.id)
  return told
}

async function tellUser(
  notifier: NotifyParts,
  part: RolloutPart,
  { use, at }: { readonly use: Port25Use; readonly at: number },
): Promise<boolean> {
  const owner = notifier.subscribers.get(use.id)
  if (!owner) return false
  const kind = 'port-25-closes'
  const words = sentencesOf(owner.language).seen.port25
  const id = await writeLetter(notifier, owner, {
    kind,
    at,
    since: minuteIn(notifier.timeZone(), at),
    seen: [
      words.advice[useOf(use)],
      ...use.destinations.slice(0, NAMED).map(one => words.server(one.address)),
      ...(use.destinations.length > NAMED || use.more ? [words.others] : []),
    ],
    until: day(part.date),
  })
  const [to] = owner.contacts
  if (id === undefined || to === undefined) return false
  notifier.reporter.note({ kind: 'notice-sent', at, subscriber: owner.id, to, notice: kind })
  return true
}
