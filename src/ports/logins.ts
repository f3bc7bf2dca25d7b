// Whether a client has the secret of a login. Every door with passwords asks this.

import type { Client, ListenerKind } from '../model/step.ts'

/** The client that asks: for the brake on guessing, and for the event that tells the engine. */
export type Asking = {
  readonly client: Client
  readonly listener: ListenerKind
  readonly session: string
}

export type LoginCheck = {
  /** `slow-down`: too many failures from there; `later`: it cannot be told just now. */
  readonly outcome: 'right' | 'wrong' | 'slow-down' | 'later'
  /** Folded, as it is known everywhere inside. */
  readonly login: string
}

/** What a SCRAM client (RFC 5802) is told before it proves that it knows the password. */
export type LoginSalt = {
  readonly nonce: string
  readonly salt: string
  readonly iterations: number
}

export type LoginProof = { readonly name: string; readonly proof: string; readonly message: string }

export interface Logins {
  check(
    asking: Asking,
    given: { readonly name: string; readonly password: string },
  ): Promise<LoginCheck>
  salt(asking: Asking, name: string): Promise<LoginSalt>
  /** With the server's signature when it is right. */
  prove(asking: Asking, given: LoginProof): Promise<LoginCheck & { readonly signature?: string }>
}

/** What another server said of a name and a password. `undecided`: it could not tell just now. */
export type SaidElsewhere = 'right' | 'wrong' | 'undecided'

/** Logins that another server checks: it is asked only while the brake lets them through. */
export interface LoginsElsewhere {
  /** Failures are told to the engine; what was right is not: reading mail is no sign of anything. */
  attempt(
    asking: Asking,
    given: { readonly name: string; readonly password: string },
    ask: () => Promise<SaidElsewhere>,
  ): Promise<LoginCheck>
}
