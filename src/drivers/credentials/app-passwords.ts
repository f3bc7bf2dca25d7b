// App passwords: a hundred random bits each, so that one fast hash keeps them and checking costs nothing.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { AppPassword, Scope } from '../../model/app-password.ts'
import { DAY } from '../../model/duration.ts'
import type { Accounts, StoredAppPassword } from '../../ports/accounts.ts'
import { randomLetters } from '../names/random-names.ts'

/** Twenty letters of five bits each. */
const LENGTH = 20

type AppPasswordOwner = Pick<AppPassword, 'subscriber' | 'login'>

export type AppPasswords = {
  load(): Promise<void>
  /** Undefined when it is none of the app passwords that this customer has for the login: another had it before, perhaps. */
  check(whose: AppPasswordOwner, password: string, scope: Scope): 'right' | 'wrong' | undefined
  of(login: string): readonly AppPassword[]
  idsOf(whose: Partial<AppPasswordOwner>): readonly string[]
  find(id: string): AppPassword | undefined
  add(what: AppPassword): Promise<string>
  remove(ids: readonly string[]): Promise<void>
  removeAll(login: string): Promise<void>
}

export function appPasswords(
  kept: Pick<Accounts, 'appPasswords' | 'putAppPassword' | 'removeAppPasswords'>,
  trouble: (error: unknown, about: string) => void,
  now: () => number = Date.now,
): AppPasswords {
  const byLogin = new Map<string, StoredAppPassword[]>()
  const keep = (one: StoredAppPassword) => {
    const mine = byLogin.get(one.login) ?? []
    const place = mine.findIndex(other => other.id === one.id)
    byLogin.set(one.login, place < 0 ? [...mine, one] : mine.with(place, one))
  }
  const remove = async (ids: readonly string[]) => {
    if (ids.length === 0) return
    await kept.removeAppPasswords(ids)
    for (const [login, mine] of byLogin) {
      const left = mine.filter(one => !ids.includes(one.id))
      if (left.length > 0) byLogin.set(login, left)
      else byLogin.delete(login)
    }
  }
  /** To the day: its owner wants to know whether it is still in use. */
  const used = (one: StoredAppPassword) => {
    const day = now() - (now() % DAY)
    if (one.lastUsed === day) return
    const next = { ...one, lastUsed: day }
    keep(next)
    kept.putAppPassword(next).catch(error => trouble(error, 'noting the use of a password'))
  }

  return {
    load: async () => {
      const all = await kept.appPasswords()
      byLogin.clear()
      for (const one of all) keep(one)
    },
    check: ({ subscriber, login }, password, scope) => {
      const mine = byLogin.get(login)
      if (!mine) return undefined
      const given = Buffer.from(hashOf(password), 'hex')
      const found = mine.find(
        one =>
          timingSafeEqual(Buffer.from(one.hash, 'hex'), given) && one.subscriber === subscriber,
      )
      if (!found) return undefined
      if (!found.scopes.includes(scope)) return 'wrong'
      used(found)
      return 'right'
    },
    of: login => (byLogin.get(login) ?? []).map(shown),
    idsOf: ({ subscriber, login }) =>
      (byLogin.get(login ?? '') ?? []).flatMap(one =>
        one.subscriber === subscriber ? [one.id] : [],
      ),
    find: id => {
      const found = [...byLogin.values()].flat().find(one => one.id === id)
      return found && shown(found)
    },
    add: async what => {
      const secret = randomLetters(LENGTH).toLowerCase()
      const stored = { ...what, hash: hashOf(secret) }
      await kept.putAppPassword(stored)
      keep(stored)
      return secret.replaceAll(/.{5}(?=.)/g, '$&-')
    },
    remove,
    removeAll: login => remove((byLogin.get(login) ?? []).map(one => one.id)),
  }
}

const shown = ({ hash: _hash, ...rest }: StoredAppPassword): AppPassword => rest

/** People type it with or without the dashes, and in capitals where a telephone thinks it knows better. */
const hashOf = (secret: string) =>
  createHash('sha256').update(secret.replaceAll(/[\s-]/g, '').toLowerCase()).digest('hex')
