// Passwords as argon2id hashes or SCRAM verifiers in the ledger, or wherever else they are known. A hash takes 38 ms on
// purpose, so: never more at once than the machine has cores to spare, and each in its turn. A password that was right a moment
// ago is remembered under a key that dies with the process, and waits for nobody.

import { createHmac, randomBytes } from 'node:crypto'
import { checkProof, parseVerifier, type ScramVerifier } from '../../mail/sasl/scram.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Credentials, LoginAnswer, Turn } from '../../ports/credentials.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import type { FairQueue } from '../../wire/fair-queue.ts'
import { appPasswords } from './app-passwords.ts'
import { hashPassword, matches, PROPER_COST } from './password-hash.ts'
import { ITERATIONS, madeUpSalt, makeVerifier } from './scram-hash.ts'
import { typedPassword } from './typed-password.ts'

/** Where else a password may be known. */
export type PasswordSource = {
  /** Undefined when this login is not known there; 'busy' when nobody can tell just now. */
  check(login: string, password: string): Promise<boolean | 'busy' | undefined>
  /** What is kept of its password, where that is to be had. */
  hashOf?(login: string): Promise<string | undefined>
}

const REMEMBERED_FOR = 10 * MINUTE
const REMEMBERED_AT_MOST = 100_000

/** A mail login, or without one the portal account of a customer. */
type Whose = { readonly subscriber: string; readonly login?: string }

export type LedgerCredentials = Credentials & { load(): Promise<void> }

export type CredentialsParts = {
  readonly accounts: Accounts
  readonly subscribers: Subscribers
  /** Asked, in order, for logins the ledger has no password of. */
  readonly elsewhere: () => readonly PasswordSource[]
  /** What made-up answers are made of; the same after a restart. */
  readonly secret: string
  /** New passwords become SCRAM verifiers, because clients are offered SCRAM. */
  readonly scram: () => boolean
  /** Where passwords wait for a core: those that are looked at, and new ones. */
  readonly queue: FairQueue
  /** A secret of this login is good no more: where it was used is not known for its owner's place any more. */
  readonly changed: (login: string) => Promise<void>
  readonly trouble: (error: unknown, about: string) => void
}

export function ledgerCredentials(parts: CredentialsParts): LedgerCredentials {
  const { subscribers, elsewhere } = parts
  const hashes = new Map<string, string>()
  const apps = appPasswords(parts.accounts, parts.trouble)
  const remembered = new Map<string, { proof: string; until: number }>()
  const processKey = randomBytes(32)
  /** What a name we do not know is told: a different figure would give it away. */
  let usualIterations = ITERATIONS
  const proofOf = (name: string, password: string) =>
    createHmac('sha256', processKey).update(`${name}\0${password}`).digest('base64')

  const known = (name: string) => {
    const folded = name.toLowerCase()
    const subscriber = subscribers.byLogin(folded)
    return { folded, subscriber, login: subscriber?.logins.find(one => one.name === folded) }
  }

  async function look({ subscriber, login }: Whose, password: string): Promise<boolean | 'busy'> {
    const hash = hashes.get(keyOf(subscriber, login))
    if (hash === undefined && login !== undefined) {
      for (const source of elsewhere()) {
        const answer = await source.check(login, password)
        if (answer !== undefined) return answer
      }
    }
    return matches(hash, password)
  }

  async function check(whose: Whose, typed: string, turn: Turn): Promise<boolean | 'busy'> {
    const password = typedPassword(typed, 'NFC')
    const key = keyOf(whose.subscriber, whose.login)
    const proof = proofOf(key, password)
    const before = remembered.get(key)
    if (before && before.until > Date.now() && before.proof === proof) return true
    const looked = await parts.queue.run(turn, () => look(whose, password))
    if (looked === 'full') return 'busy'
    const right = looked.done
    if (right === true) {
      if (remembered.size >= REMEMBERED_AT_MOST) remembered.clear()
      remembered.set(key, { proof, until: Date.now() + REMEMBERED_FOR })
    }
    return right
  }

  async function verifierOf(name: string): Promise<ScramVerifier | undefined> {
    const { folded, subscriber } = known(name)
    if (!subscriber) return undefined
    let hash = hashes.get(keyOf(subscriber.id, folded))
    for (const source of elsewhere()) hash ??= await source.hashOf?.(folded)
    return hash === undefined ? undefined : parseVerifier(hash)
  }

  return {
    load: async () => {
      const accounts = await parts.accounts.accounts()
      hashes.clear()
      remembered.clear()
      for (const account of accounts)
        hashes.set(keyOf(account.subscriber, account.login), account.hash)
      const verifier = accounts.map(({ hash }) => parseVerifier(hash)).find(one => one)
      usualIterations = verifier?.iterations ?? ITERATIONS
      await apps.load()
    },
    verify: async (name, password, scope, turn): Promise<LoginAnswer> => {
      const { folded, subscriber, login } = known(name)
      const app = apps.check(folded, password, scope)
      if (app === 'wrong') return { ok: false, why: 'wrong' }
      const right =
        app === 'right' ||
        (await check({ subscriber: subscriber?.id ?? '', login: folded }, password, turn))
      if (right === 'busy') return { ok: false, why: 'busy' }
      if (!subscriber || !login) return { ok: false, why: 'unknown' }
      return right ? { ok: true, login, subscriber: subscriber.id } : { ok: false, why: 'wrong' }
    },
    salted: async name => {
      const verifier = await verifierOf(name)
      return verifier
        ? { salt: verifier.salt.toString('base64'), iterations: verifier.iterations }
        : { salt: madeUpSalt(parts.secret, name.toLowerCase()), iterations: usualIterations }
    },
    prove: async (name, given) => {
      const { subscriber, login } = known(name)
      const verifier = await verifierOf(name)
      const signature = verifier && checkProof(verifier, given)
      if (!subscriber || !login || signature === undefined) return { ok: false, why: 'wrong' }
      return { ok: true, login, subscriber: subscriber.id, signature }
    },
    verifyPortal: (subscriber, password, turn) => check({ subscriber }, password, turn),
    setPassword: async (login, password) => {
      const subscriber = subscribers.byLogin(login)
      if (!subscriber) throw new Error(`no such login: ${login}`)
      const hashed = await parts.queue.run({ lane: 'first', from: subscriber.id }, () =>
        parts.scram() ? makeVerifier(password) : hashPassword(password, PROPER_COST),
      )
      if (hashed === 'full') throw new StoreUnavailable('too many passwords wait to be hashed')
      const hash = hashed.done
      await parts.accounts.putAccounts([{ subscriber: subscriber.id, login, hash }])
      await apps.removeAll(login)
      await parts.changed(login)
      const key = keyOf(subscriber.id, login)
      remembered.delete(key)
      hashes.set(key, hash)
    },
    appPasswords: apps.of,
    appPassword: apps.find,
    addAppPassword: apps.add,
    removeAppPassword: async id => {
      const login = apps.find(id)?.login
      await apps.remove([id])
      if (login !== undefined) await parts.changed(login)
    },
  }
}

const keyOf = (subscriber: string, login: string | undefined) =>
  login === undefined ? `portal ${subscriber}` : `login ${login}`
