// Is somebody who they say they are? What every door with passwords asks.

import type { Client, ListenerKind } from '../model/step.ts'

/** Who asks: for the brake on guessing, and for the event that tells the engine. */
export type Asking = {
  readonly client: Client
  readonly listener: ListenerKind
  readonly session: string
}

export type LoginCheck = {
  /** `slow-down`: too many failures from there; `later`: nobody can tell just now. */
  readonly outcome: 'right' | 'wrong' | 'slow-down' | 'later'
  /** Folded, as it is known everywhere inside. */
  readonly login: string
}

export interface Logins {
  check(
    asking: Asking,
    given: { readonly name: string; readonly password: string },
  ): Promise<LoginCheck>
}
