// Whether a password that a client offered to a decoy is that of a login of ours. Few are looked at: each is costly, and a directory may lock
// a login that many wrong ones were tried for.

import { BoundedMap } from '../model/bounded-map.ts'
import { DAY, MINUTE } from '../model/duration.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { Subscribers } from '../ports/subscribers.ts'

/** Looks in a day at the passwords of one login. */
const OF_ONE = 3
/** Looks in a minute, of all logins. */
const OF_ALL = 20
/** Logins of which it is remembered. */
const REMEMBERED = 10_000

export type OwnPassword = (login: string, password: string) => Promise<boolean>

type OwnPasswordParts = {
  readonly credentials: Pick<Credentials, 'verify'>
  readonly subscribers: Pick<Subscribers, 'byLogin'>
  readonly now: () => number
}

export function ownPasswords({ credentials, subscribers, now }: OwnPasswordParts): OwnPassword {
  const looked = new BoundedMap<string, { readonly day: number; readonly times: number }>(
    REMEMBERED,
  )
  let minute = { at: 0, times: 0 }
  const may = (login: string): boolean => {
    const [day, at] = [Math.floor(now() / DAY), Math.floor(now() / MINUTE)]
    if (minute.at !== at) minute = { at, times: 0 }
    const before = looked.get(login)
    const times = before?.day === day ? before.times : 0
    if (times >= OF_ONE || minute.times >= OF_ALL) return false
    minute.times++
    looked.set(login, { day, times: times + 1 })
    return true
  }
  return async (name, password) => {
    const login = name.toLowerCase()
    if (!subscribers.byLogin(login) || !may(login)) return false
    const turn = { lane: 'rest', from: 'decoy' } as const
    return (await credentials.verify(login, password, 'send', turn)).ok
  }
}
