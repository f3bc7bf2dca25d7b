// A name and a password, asked of the server behind while the brake on guessing lets them through; and the place of the login among our
// sessions once they are right.

import { utf8 } from '../mail/sasl/plain.ts'
import type { BackEndPlace } from './back-end-address.ts'
import { type BackEnd, type BackEndProtocol, type LoginAnswered, logIn } from './back-end.ts'
import type { Claim } from './claim.ts'
import type { GatewayParts } from './gateway.ts'

export type Entered =
  | {
      readonly how: 'in'
      readonly backEnd: BackEnd
      /** Folded, as it is known everywhere inside. */
      readonly login: string
      readonly leave: () => void
    }
  /** `no-answer`: the server behind says neither yes nor no. `words`: what it said. */
  | {
      readonly how: 'wrong' | 'not-now' | 'no-answer' | 'too-many'
      readonly words?: string | undefined
      /** Of a token: why it is wrong, as the server behind says it in base64. */
      readonly reason?: string | undefined
    }

export type EnterParts = Omit<GatewayParts, 'parts'> & {
  readonly parts: Pick<GatewayParts['parts'], 'loginsElsewhere' | 'sessions' | 'trouble'>
  readonly session: string
  readonly behind: { readonly address: BackEndPlace; readonly protocol: BackEndProtocol }
  /** The client has gone meanwhile. */
  readonly isGone: () => boolean
  /** The login is stopped. */
  readonly cut: () => void
}

export async function enter(given: EnterParts, claim: Claim): Promise<Entered> {
  const { login: name, password } = claim
  const { client, session, behind, shared } = given
  const { loginsElsewhere, sessions, trouble } = given.parts
  const who = { client, listener: 'submission' as const, session }
  let found: BackEnd | undefined
  let isOver = false
  let answered: LoginAnswered | undefined
  const check = await loginsElsewhere?.attempt(
    who,
    { name, password: utf8(password) },
    async () => {
      const asked = await logIn(behind, { ...claim, client }, trouble)
      // A refusal does not wait for what the back end says.
      if (isOver) asked.backEnd?.socket.destroy()
      else found = asked.backEnd
      answered = asked
      return asked.said
    },
  )
  isOver = true
  if (check?.outcome !== 'right' || !found || given.isGone()) {
    found?.socket.destroy()
    const { words, reason } = answered ?? {}
    if (check?.outcome === 'wrong') return { how: 'wrong', words, reason }
    return check?.outcome === 'later' ? { how: 'no-answer', words } : { how: 'not-now' }
  }
  const free = shared.places.enter(check.login)
  if (!free) {
    found.socket.destroy()
    return { how: 'too-many' }
  }
  const forget = sessions.join(check.login, given.cut)
  return {
    how: 'in',
    backEnd: found,
    login: check.login,
    leave: () => {
      free()
      forget()
    },
  }
}
