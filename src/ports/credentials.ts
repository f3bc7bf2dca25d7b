// Is this the password of that login? Slow on purpose (argon2id), so callers put the brake on first
// (wire/auth-brake.ts), which says whose turn it is.

import type { AppPassword, Scope } from '../model/app-password.ts'
import type { Login } from '../model/subscriber.ts'

export type LoginAnswer =
  | { readonly ok: true; readonly login: Login; readonly subscriber: string }
  | { readonly ok: false; readonly why: 'unknown' | 'wrong' | 'busy' }

/** What SCRAM (RFC 5802) tells a client of a password: enough to prove it, nothing to guess it by. */
export type Salted = { readonly salt: string; readonly iterations: number }
export type Proof = { readonly proof: string; readonly message: string }

/** The turn at what is costly: `first` goes before `rest`, and within one lane places (`from`) take turns. */
export type Turn = {
  readonly lane: 'first' | 'rest'
  readonly from: string
  /** Of a stranger at a password: in the lane `rest` its turn goes by this. `from` is its network. */
  readonly stranger?: Stranger
}

export type Stranger = {
  /** Wrong attempts from its network, now. */
  readonly own: () => number
  /** Where its network is, in the large. */
  readonly around: Surroundings
  /** How many attempts of strangers had been wrong, of all, when it came. */
  readonly since: number
}

/** When the last attempt from there was wrong: the how-manieth wrong attempt of all strangers it was; 0 if none was. As it is now. */
export type Surroundings = {
  /** Its networks with wrong attempts, within a quarter of an hour or so. */
  readonly guessers: number
  readonly last: number
  /** The last of a network that had no wrong attempt before, one, two, or more. */
  readonly lastBefore: readonly number[]
}

export interface Credentials {
  /** Takes as long for an unknown name as for a wrong password. An app password must be good for `scope`. */
  verify(name: string, password: string, scope: Scope, turn: Turn): Promise<LoginAnswer>
  /** For an unknown name something that looks the same, always the same. */
  salted(name: string): Promise<Salted>
  /** With the server's signature when the proof is right. */
  prove(name: string, given: Proof): Promise<LoginAnswer & { readonly signature?: string }>
  /** The customer's own portal: customer number and portal password. */
  verifyPortal(subscriber: string, password: string, turn: Turn): Promise<boolean | 'busy'>
  /** Changes with the portal password; undefined when there is none, or no such customer. Never told outside. */
  portalMark(subscriber: string): string | undefined
  /** A new mail password; the login's app passwords end with the old one. */
  setPassword(login: string, password: string): Promise<void>
  appPasswords(login: string): readonly AppPassword[]
  appPassword(id: string): AppPassword | undefined
  /** Returns the secret, which is nowhere else. */
  addAppPassword(what: AppPassword): Promise<string>
  removeAppPassword(id: string): Promise<void>
}
