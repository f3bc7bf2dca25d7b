// One message to very many people that is held over a limit: the operator hears of it, once a day of each sender. Spam goes out so, by one
// command with a stolen password; so does the yearly letter of a club.

import { NUMBERS } from '../../core/detection/numbers.ts'
import type { OverLimit } from './notify.ts'
import { type Tellers, tellOnceADay } from './once-a-day.ts'

export async function alarmOfLarge(
  parts: Tellers,
  { login, subscriber, at, found = '', recipients }: OverLimit,
): Promise<void> {
  if (recipients < NUMBERS.manyPeople.value) return
  const of = login ?? subscriber
  const list =
    login === undefined
      ? subscriber === undefined
        ? ''
        : ` --subscriber ${subscriber}`
      : ` --login ${login}`
  await tellOnceADay(parts, {
    alarm: 'large-message',
    about: of ?? 'a sender without a login',
    words: `one message to ${recipients} recipients waits (${found}): cordon queue list --held${list} shows it`,
    at,
    of,
  })
}
