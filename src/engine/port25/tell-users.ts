// Writes to customers who use port 25 that it will be closed, what was seen of their use, and what they can do.

import { useOf } from '../../core/isolation/rollout.ts'
import { minuteIn } from '../../model/local-time.ts'
import type { Port25Use, RolloutPart, UseKind } from '../../model/rollout.ts'
import { type NotifyParts, writeLetter } from '../letters/notify.ts'
import { day } from '../letters/opt-out-letters.ts'

/** Destinations that a letter names. */
const NAMED = 5

const ADVICE: Readonly<Record<UseKind, string>> = {
  'another-server':
    'a mail program of yours uses port 25 of another provider: set port 587 there, with your password',
  'own-server':
    'it looks as if you run a mail server: ask for port 25 in the portal before that date',
  'looks-infected':
    'so many servers at once are mostly the doing of a virus: please check your devices',
}

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
  const id = await writeLetter(notifier, owner, {
    kind,
    at,
    since: minuteIn(notifier.timeZone(), at),
    seen: [
      ADVICE[useOf(use)],
      ...use.destinations.slice(0, NAMED).map(one => `seen: ${one.address}`),
      ...(use.destinations.length > NAMED || use.more ? ['and others'] : []),
    ],
    until: day(part.date),
  })
  const [to] = owner.contacts
  if (id === undefined || to === undefined) return false
  notifier.reporter.note({ kind: 'notice-sent', at, subscriber: owner.id, to, notice: kind })
  return true
}
