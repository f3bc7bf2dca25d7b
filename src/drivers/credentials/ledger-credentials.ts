// Passwords as argon2id hashes or SCRAM verifiers in the ledger, or wherever else they are known. A hash takes 38 ms on
// purpose, so: never more at once than the machine has cores to spare, and a password that was right a moment ago is
// remembered under a key that dies with the process.

import { createHmac, randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { checkProof, parseVerifier, type ScramVerifier } from '../../mail/sasl/scram.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Credentials, LoginAnswer } from '../../ports/credentials.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { appPasswords } from './app-passwords.ts'
import { createGate } from './gate.ts'
import { hashPassword, matches, PROPER_COST } from './password-hash.ts'
import { ITERATIONS, madeUpSalt, makeVerifier } from './scram-hash.ts'

/** Where else a password may be known. */
export type PasswordSource = {
  /** Undefined when this login is not known there; 'busy' when nobody can tell just now. */
  check(login: string, password: string): Promise<boolean | 'busy' | undefined>
  /** What is kept of its password, where that is to be had. */
  hashOf?(login: string): Promise<string | undefined>
}

const REMEMBERED_FOR = 10 * MINUTE
const REMEMBERED_AT_MOST = 100_000
/** Logins that may wait for a core; more are told to come back. */
const MAX_WAITING = 500

/** A mail login, or without one the portal account of a customer. */
type Whose = { readonly subscriber: string; readonly login?: string }

export type LedgerCredentials = Credentials & { load(): Promise<void> }

export type CredentialsParts = {
  readonly ledger: Ledger
  readonly subscribers: Subscribers
  /** Asked, in order, for logins the ledger has no password of. */
  readonly elsewhere: () => readonly PasswordSource[]
  /** What made-up answers are made of; the same after a restart. */
  readonly secret: string
  /** New passwords become SCRAM verifiers, because clients are offered SCRAM. */
  readonly scram: () => boolean
  readonly trouble: (error: unknown, about: string) => void
}

export function ledgerCredentials(parts: CredentialsParts): LedgerCredentials {
  const { ledger, subscribers, elsewhere } = parts
  const hashes = new Map<string, string>()
  const apps = appPasswords(ledger, parts.trouble)
  const remembered = new Map<string, { proof: string; until: number }>()
  const processKey = randomBytes(32)
  /** What a name we do not know is told: a different figure would give it away. */
  let usualIterations = ITERATIONS
  const gate = createGate(Math.max(1, availableParallelism() - 1))
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

  async function check(whose: Whose, password: string): Promise<boolean | 'busy'> {
    const key = keyOf(whose.subscriber, whose.login)
    const proof = proofOf(key, password)
    const before = remembered.get(key)
    if (before && before.until > Date.now() && before.proof === proof) return true
    if (gate.waiting >= MAX_WAITING) return 'busy'
    const right = await gate.run(() => look(whose, password))
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
      const accounts = await ledger.accounts()
      hashes.clear()
      remembered.clear()
      for (const account of accounts)
        hashes.set(keyOf(account.subscriber, account.login), account.hash)
      const verifier = accounts.map(({ hash }) => parseVerifier(hash)).find(one => one)
      usualIterations = verifier?.iterations ?? ITERATIONS
      await apps.load()
    },
    verify: async (name, password, scope): Promise<LoginAnswer> => {
      const { folded, subscriber, login } = known(name)
      const app = apps.check(folded, password, scope)
      if (app === 'wrong') return { ok: false, why: 'wrong' }
      const right =
        app === 'right' ||
        (await check({ subscriber: subscriber?.id ?? '', login: folded }, password))
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
    verifyPortal: async (subscriber, password) => (await check({ subscriber }, password)) === true,
    setPassword: async (login, password) => {
      const subscriber = subscribers.byLogin(login)
      if (!subscriber) throw new Error(`no such login: ${login}`)
      const hash = parts.scram()
        ? await makeVerifier(password)
        : await hashPassword(password, PROPER_COST)
      await ledger.putAccounts([{ subscriber: subscriber.id, login, hash }])
      await apps.removeAll(login)
      const key = keyOf(subscriber.id, login)
      remembered.delete(key)
      hashes.set(key, hash)
    },
    appPasswords: apps.of,
    appPassword: apps.find,
    addAppPassword: apps.add,
    removeAppPassword: id => apps.remove([id]),
  }
}

const keyOf = (subscriber: string, login: string | undefined) =>
  login === undefined ? `portal ${subscriber}` : `login ${login}`
