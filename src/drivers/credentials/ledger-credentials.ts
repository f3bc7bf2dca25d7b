// Passwords as argon2id hashes or SCRAM verifiers in the ledger, or wherever else they are known. A hash takes 38 ms on
// purpose, so: never more at once than the machine has cores to spare, and each in its turn. A password that was right a moment
// ago (right-lately.ts) does not wait for others.

import { checkProof, parseVerifier, type ScramVerifier } from '../../mail/sasl/scram.ts'
import type { AppPassword, Scope } from '../../model/app-password.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Credentials, LoginAnswer, Proof, Salted, Turn } from '../../ports/credentials.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import type { FairQueue } from '../../wire/fair-queue.ts'
import { type AppPasswords, appPasswords } from './app-passwords.ts'
import { hashPassword, matches, PROPER_COST } from './password-hash.ts'
import { RightLately } from './right-lately.ts'
import { ITERATIONS, madeUpSalt, makeVerifier } from './scram-hash.ts'
import { typedPassword } from './typed-password.ts'

/** Where else a password may be known. */
export type PasswordSource = {
  /** Undefined when this login is not known there; 'busy' when it cannot be told just now. */
  check(login: string, password: string): Promise<boolean | 'busy' | undefined>
  /** The hash of its password, where that is to be had. */
  hashOf?(login: string): Promise<string | undefined>
}

/** A mail login, or without one the portal account of a customer. */
type SecretOwner = { readonly subscriber: string; readonly login?: string }

export type LedgerCredentials = Credentials & {
  load(): Promise<void>
  /** These have no secret any more: logins that are not their customer's, or without one the portal of a customer that is gone. */
  leave(left: readonly SecretOwner[]): Promise<void>
}

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
  return new FromLedger(parts)
}

class FromLedger implements LedgerCredentials {
  readonly #parts: CredentialsParts
  readonly #apps: AppPasswords
  readonly #hashes = new Map<string, string>()
  readonly #rightLately = new RightLately()
  /** What a name we do not know is told: a different figure would give it away. */
  #usualIterations = ITERATIONS

  constructor(parts: CredentialsParts) {
    this.#parts = parts
    this.#apps = appPasswords(parts.accounts, parts.trouble)
  }

  async load(): Promise<void> {
    const accounts = await this.#parts.accounts.accounts()
    this.#hashes.clear()
    this.#rightLately.forgetAll()
    for (const { subscriber, login, hash } of accounts)
      this.#hashes.set(keyOf(subscriber, login), hash)
    const verifier = accounts.map(({ hash }) => parseVerifier(hash)).find(one => one)
    this.#usualIterations = verifier?.iterations ?? ITERATIONS
    await this.#apps.load()
  }

  async leave(left: readonly SecretOwner[]): Promise<void> {
    if (left.length === 0) return
    await this.#parts.accounts.removeAccounts(left)
    await this.#apps.remove(left.flatMap(one => this.#apps.idsOf(one)))
    for (const { subscriber, login } of left) {
      const key = keyOf(subscriber, login)
      this.#hashes.delete(key)
      this.#rightLately.forget(key)
      if (login !== undefined) await this.#parts.changed(login)
    }
  }

  async verify(name: string, password: string, scope: Scope, turn: Turn): Promise<LoginAnswer> {
    const { folded, subscriber, login } = this.#known(name)
    const app = this.#apps.check(
      { subscriber: subscriber?.id ?? '', login: folded },
      password,
      scope,
    )
    if (app === 'wrong') return { ok: false, why: 'wrong' }
    const right =
      app === 'right' ||
      (await this.#check({ subscriber: subscriber?.id ?? '', login: folded }, password, turn))
    if (right === 'busy') return { ok: false, why: 'busy' }
    if (!subscriber || !login) return { ok: false, why: 'unknown' }
    return right ? { ok: true, login, subscriber: subscriber.id } : { ok: false, why: 'wrong' }
  }

  async salted(name: string): Promise<Salted> {
    const verifier = await this.#verifierOf(name)
    return verifier
      ? { salt: verifier.salt.toString('base64'), iterations: verifier.iterations }
      : {
          salt: madeUpSalt(this.#parts.secret, name.toLowerCase()),
          iterations: this.#usualIterations,
        }
  }

  async prove(name: string, given: Proof): ReturnType<Credentials['prove']> {
    const { subscriber, login } = this.#known(name)
    const verifier = await this.#verifierOf(name)
    const signature = verifier && checkProof(verifier, given)
    if (!subscriber || !login || signature === undefined) return { ok: false, why: 'wrong' }
    return { ok: true, login, subscriber: subscriber.id, signature }
  }

  verifyPortal(subscriber: string, password: string, turn: Turn): Promise<boolean | 'busy'> {
    return this.#check({ subscriber }, password, turn)
  }

  portalMark(subscriber: string): string | undefined {
    if (!this.#parts.subscribers.get(subscriber)) return undefined
    return this.#hashes.get(keyOf(subscriber, undefined))
  }

  async setPassword(login: string, password: string): Promise<void> {
    const { subscribers, queue, scram, accounts, changed } = this.#parts
    const subscriber = subscribers.byLogin(login)
    if (!subscriber) throw new Error(`no such login: ${login}`)
    const hashed = await queue.run({ lane: 'first', from: subscriber.id }, () =>
      scram() ? makeVerifier(password) : hashPassword(password, PROPER_COST),
    )
    if (hashed === 'full') throw new StoreUnavailable('too many passwords wait to be hashed')
    const hash = hashed.done
    await accounts.putAccounts([{ subscriber: subscriber.id, login, hash }])
    await this.#apps.removeAll(login)
    await changed(login)
    const key = keyOf(subscriber.id, login)
    this.#rightLately.forget(key)
    this.#hashes.set(key, hash)
  }

  appPasswords(login: string): readonly AppPassword[] {
    const { folded, subscriber } = this.#known(login)
    return this.#apps.of(folded).filter(one => one.subscriber === subscriber?.id)
  }

  appPassword(id: string): AppPassword | undefined {
    return this.#apps.find(id)
  }

  addAppPassword(what: AppPassword): Promise<string> {
    return this.#apps.add(what)
  }

  async removeAppPassword(id: string): Promise<void> {
    const login = this.#apps.find(id)?.login
    await this.#apps.remove([id])
    if (login !== undefined) await this.#parts.changed(login)
  }

  #known(name: string) {
    const folded = name.toLowerCase()
    const subscriber = this.#parts.subscribers.byLogin(folded)
    return { folded, subscriber, login: subscriber?.logins.find(one => one.name === folded) }
  }

  async #check(whose: SecretOwner, typed: string, turn: Turn): Promise<boolean | 'busy'> {
    const password = typedPassword(typed, 'NFC')
    const key = keyOf(whose.subscriber, whose.login)
    if (this.#rightLately.has(key, password)) return true
    const looked = await this.#parts.queue.run(turn, () => this.#look(whose, password))
    if (looked === 'full') return 'busy'
    if (looked.done === true) this.#rightLately.add(key, password)
    return looked.done
  }

  async #look({ subscriber, login }: SecretOwner, password: string): Promise<boolean | 'busy'> {
    const hash = this.#hashes.get(keyOf(subscriber, login))
    if (hash === undefined && login !== undefined) {
      for (const source of this.#parts.elsewhere()) {
        const answer = await source.check(login, password)
        if (answer !== undefined) return answer
      }
    }
    return matches(hash, password)
  }

  async #verifierOf(name: string): Promise<ScramVerifier | undefined> {
    const { folded, subscriber } = this.#known(name)
    if (!subscriber) return undefined
    let hash = this.#hashes.get(keyOf(subscriber.id, folded))
    for (const source of this.#parts.elsewhere()) hash ??= await source.hashOf?.(folded)
    return hash === undefined ? undefined : parseVerifier(hash)
  }
}

/** A login that is another customer's now does not open with the password of the customer that had it before. */
const keyOf = (subscriber: string, login: string | undefined) =>
  login === undefined ? `portal ${subscriber}` : `login ${login} ${subscriber}`
