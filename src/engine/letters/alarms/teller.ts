// Tells one channel of alarms: what it will tell is written down before, and how far it came afterwards, so that a crash in between tells
// the same batch again under the same id. A channel that does not answer is tried again, later and later; another one does not wait for it.

import { batchOf, lately, mayTell, type ToldBatch } from '../../../core/notices/alarm-pace.ts'
import { kindOfAlarm } from '../../../model/alarm.ts'
import { MINUTE, SECOND } from '../../../model/duration.ts'
import { hasCome } from '../../../model/has-come.ts'
import type { AlarmChannel } from '../../../ports/alarm-channel.ts'
import type { Records } from '../../../ports/records.ts'
import type { AlarmOutbox } from './alarm-outbox.ts'

/** How far a channel has come. */
export type ChannelPlace = {
  /** Name of the channel. */
  readonly id: string
  /** The last alarm it was told. */
  readonly after: number
  readonly told: readonly ToldBatch[]
  /** What is being told: the alarms up to this one. */
  readonly telling?: { readonly upTo: number; readonly at: number }
}

export type TellerParts = {
  readonly outbox: Pick<AlarmOutbox, 'waiting' | 'last'>
  readonly places: Records<ChannelPlace>
  readonly trouble: (error: unknown, about: string) => void
  /** Aborted when Cordon stops: what is being told is told again at the next start. */
  readonly stopping: AbortSignal
}

export type AlarmTeller = {
  /** Tells what is due at this time; resolves when that is done, or has failed. */
  tell(at: number): Promise<void>
  /** The last alarm it was told. */
  after(): number
}

/** The wait after the first failure; each further one is twice as long … */
const FIRST_WAIT = 5 * SECOND
/** … up to this: so soon a receiver that comes back is told. */
const LONGEST_WAIT = 10 * MINUTE

/** Where a channel of a new name begins: written down before anything is raised, or a crash before its first batch would lose that. */
export async function beginHere(
  places: Records<ChannelPlace>,
  names: readonly string[],
  last: number,
): Promise<void> {
  for (const name of names) await places.change(name, now => now ?? firstPlace(name, last))
}

const firstPlace = (id: string, after: number): ChannelPlace => ({ id, after, told: [] })

export function alarmTeller(channel: AlarmChannel, parts: TellerParts): AlarmTeller {
  const { outbox, places, trouble, stopping } = parts
  const { name, withoutStores } = channel
  let place = places.get(name) ?? firstPlace(name, outbox.last())
  let running = false
  let failures = 0
  let due = 0

  const save = async (next: ChannelPlace) => {
    try {
      await places.change(name, () => next)
    } catch (error) {
      // A disk that is full is what this channel is to tell of.
      if (!withoutStores) throw error
    }
    place = next
  }

  const begin = async (at: number) => {
    if (place.telling) return place.telling
    const waiting = outbox.waiting(place.after)
    const last = waiting.at(-1)
    if (!last || !mayTell(place.told, waiting, at)) return undefined
    const telling = { upTo: last.seq, at }
    await save({ ...place, telling })
    return telling
  }

  const tellBatch = async (at: number) => {
    const telling = await begin(at)
    if (!telling) return
    const waiting = outbox.waiting(place.after).filter(one => one.seq <= telling.upTo)
    const alarms = waiting.map(({ seq: _seq, ...alarm }) => alarm)
    // The clock may have been ahead when it was begun: a mail of a time to come would wait for it.
    const begun = Math.min(telling.at, at)
    if (alarms.length > 0)
      await channel.tell(batchOf(`${name}.${telling.upTo}.${telling.at}`, begun, alarms), stopping)
    const kinds = [...new Set(alarms.map(kindOfAlarm))]
    const told = [...lately(place.told, at), { at, kinds }]
    await save({ id: name, after: telling.upTo, told })
  }

  return {
    after: () => place.after,
    tell: async at => {
      if (running || !hasCome(due, at, LONGEST_WAIT) || stopping.aborted) return
      running = true
      try {
        await tellBatch(at)
        failures = 0
      } catch (error) {
        if (stopping.aborted) return
        due = at + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++)
        trouble(error, `telling ${name}`)
      } finally {
        running = false
      }
    },
  }
}
