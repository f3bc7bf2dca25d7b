// What was usual before Cordon came: past mail, imported once, so that on the first day no customer looks new to their
// own friends. Learns volumes, correspondents and networks; weighs nothing.

import { learnUsualOps } from '../../core/detection/usual-rate.ts'
import { subjectsOf } from '../../core/detection/weigh.ts'
import { correspondentKey } from '../../mail/correspondent-key.ts'
import { maskIp } from '../../model/ip.ts'
import type { Counters } from '../../ports/counters.ts'
import { type Attribution, whoIs } from './attribute.ts'
import { NUMBERS } from '../../core/detection/numbers.ts'
import { correspondentsOf } from './correspondents.ts'

/** One message of the past. Its address is attributed by the leases of today. */
export type PastMessage = {
  readonly at: number
  readonly login: string
  readonly address: string
  readonly port: number
  readonly recipients: readonly string[]
}

export type HistoryParts = Attribution & { readonly counters: Counters; readonly secret: string }

export async function importHistory(
  parts: HistoryParts,
  past: Iterable<PastMessage>,
): Promise<number> {
  let count = 0
  for (const { at, login, address, port, recipients } of past) {
    const owner = parts.subscribers.byLogin(login)
    if (!owner) continue
    const who = whoIs(parts, { realm: 'main', address, port }, login)
    const members = recipients.map(recipient => correspondentKey(recipient, parts.secret))
    await parts.counters.apply({
      at,
      mode: 'take',
      ops: [
        correspondentsOf(login, members),
        {
          op: 'distinct',
          key: `networks:${login}`,
          members: [maskIp(address)],
          window: NUMBERS.networksKept.value,
        },
        ...subjectsOf(who, owner.id).flatMap(learnUsualOps),
      ],
    })
    count++
  }
  return count
}
