// Reports and letters of ours to our own users are not given up: what their mailbox does not take waits, and the operator is told once a
// day for each address. Where there is no such mailbox, it waits for one until its time is up.

import { DAY, HOUR } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { Claim } from '../../ports/spool.ts'
import type { Job } from './job.ts'
import { toldLately } from './told-lately.ts'

/** A mailbox that is out of order for less time than this is not told of. */
const BRIEF = 4 * HOUR

export type OwnMailAlarm = (
  failed: { readonly address: string; readonly since: number; readonly refused: boolean },
  words: string,
  at: number,
) => void

export function ownMailAlarm(report: (event: NewEvent) => void): OwnMailAlarm {
  const isNews = toldLately(DAY)
  return ({ address, since, refused }, words, at) => {
    if (!refused && at - since < BRIEF) return
    if (!isNews(address, at)) return
    report({ kind: 'alarm-raised', alarm: 'own-mail', at, about: address, words })
  }
}

/** How long a report or letter of ours waits for one of our mailboxes. */
export function waitOf({ claim, route }: Job): 'for-ever' | 'until-expired' | 'not-at-all' {
  if (!isOwn(claim)) return 'not-at-all'
  if (route.kind === 'mailbox') return 'for-ever'
  return route.kind === 'nowhere' && route.ours ? 'until-expired' : 'not-at-all'
}

/** A letter, a report or an alarm that Cordon wrote. */
export const isOwn = ({ facts }: Claim): boolean => facts?.own === true
