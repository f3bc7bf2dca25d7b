// Passwords as argon2id hashes in the ledger, or wherever else they are known. 38 ms each on purpose, so: never more at
// once than the machine has cores to spare, and a password that was right a moment ago is remembered under a key that
// dies with the process.

import { createHmac, randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { MINUTE } from '../../model/duration.ts'
import type { Credentials, LoginAnswer } from '../../ports/credentials.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { hashPassword, matches, PROPER_COST } from './password-hash.ts'

/** Where else a password may be known. */
export type PasswordSource = {
  /** Undefined when this login is not known there; 'busy' when nobody can tell just now. */
  check(login: string, password: string): Promise<boolean | 'busy' | undefined>
}

const REMEMBERED_FOR = 10 * MINUTE
const REMEMBERED_AT_MOST = 100_000
/** Logins that may wait for a core; more are told to come back. */
const MAX_WAITING = 500

/** A mail login, or without one the portal account of a customer. */
type Whose = { readonly subscriber: string; readonly login?: string }

export type LedgerCredentials = Credentials & { load(): Promise<void> }

/** `elsewhere` is asked, in order, for logins the ledger has no password of. */
export function ledgerCredentials(
  ledger: Ledger,
  subscribers: Subscribers,
  elsewhere: readonly PasswordSource[] = [],
): LedgerCredentials {
  const hashes = new Map<string, string>()
  const remembered = new Map<string, { proof: string; until: number }>()
  const processKey = randomBytes(32)
  const gate = createGate(Math.max(1, availableParallelism() - 1))
  const proofOf = (name: string, password: string) =>
    createHmac('sha256', processKey).update(`${name}\0${password}`).digest('base64')

  async function look({ subscriber, login }: Whose, password: string): Promise<boolean | 'busy'> {
    const hash = hashes.get(keyOf(subscriber, login))
    if (hash === undefined && login !== undefined) {
      for (const source of elsewhere) {
        const answer = await source.check(login, password)
        if (answer !== undefined) return answer
      }
    }
    return matches(hash, password)
  }

  async function check(whose: Whose, password: string): Promise<boolean | 'busy'> {
    const key = keyOf(whose.subscriber, whose.login)
    const proof = proofOf(key, password)
    const known = remembered.get(key)
    if (known && known.until > Date.now() && known.proof === proof) return true
    if (gate.waiting >= MAX_WAITING) return 'busy'
    const right = await gate.run(() => look(whose, password))
    if (right === true) {
      if (remembered.size >= REMEMBERED_AT_MOST) remembered.clear()
      remembered.set(key, { proof, until: Date.now() + REMEMBERED_FOR })
    }
    return right
  }

  return {
    load: async () => {
      for (const account of await ledger.accounts())
        hashes.set(keyOf(account.subscriber, account.login), account.hash)
    },
    verify: async (name, password): Promise<LoginAnswer> => {
      const folded = name.toLowerCase()
      const subscriber = subscribers.byLogin(folded)
      const login = subscriber?.logins.find(one => one.name === folded)
      const right = await check({ subscriber: subscriber?.id ?? '', login: folded }, password)
      if (right === 'busy') return { ok: false, why: 'busy' }
      if (!subscriber || !login) return { ok: false, why: 'unknown' }
      return right ? { ok: true, login, subscriber: subscriber.id } : { ok: false, why: 'wrong' }
    },
    verifyPortal: async (subscriber, password) => (await check({ subscriber }, password)) === true,
    setPassword: async (login, password) => {
      const subscriber = subscribers.byLogin(login)
      if (!subscriber) throw new Error(`no such login: ${login}`)
      const hash = await hashPassword(password, PROPER_COST)
      await ledger.putAccounts([{ subscriber: subscriber.id, login, hash }])
      const key = keyOf(subscriber.id, login)
      remembered.delete(key)
      hashes.set(key, hash)
    },
  }
}

const keyOf = (subscriber: string, login: string | undefined) =>
  login === undefined ? `portal ${subscriber}` : `login ${login}`

function createGate(width: number) {
  let running = 0
  const queue: (() => void)[] = []
  return {
    get waiting() {
      return queue.length
    },
    run: async <T>(work: () => Promise<T>): Promise<T> => {
      if (running >= width) await new Promise<void>(resolve => queue.push(resolve))
      running++
      try {
        return await work()
      } finally {
        running--
        queue.shift()?.()
      }
    },
  }
}
