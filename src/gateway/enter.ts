// A name and a password, asked of the server behind while the brake on guessing lets them through; and the place of the login among our
// sessions once they are right.

import { type Offered, utf8 } from '../mail/sasl/plain.ts'
import type { BackEndAddress } from './back-end-address.ts'
import { type BackEnd, type BackEndProtocol, logIn } from './back-end.ts'
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
    }

export type EnterParts = Omit<GatewayParts, 'parts'> & {
  readonly parts: Pick<GatewayParts['parts'], 'loginsElsewhere' | 'sessions' | 'trouble'>
  readonly session: string
  readonly behind: { readonly address: BackEndAddress; readonly protocol: BackEndProtocol }
  /** The client has gone meanwhile. */
  readonly isGone: () => boolean
  /** The login is stopped. */
  readonly cut: () => void
}

export async function enter(
  given: EnterParts,
  { login: name, password }: Offered,
): Promise<Entered> {
  const { client, session, behind, shared } = given
  const { loginsElsewhere, sessions, trouble } = given.parts
  const who = { client, listener: 'submission' as const, session }
  let found: BackEnd | undefined
  let isOver = false
  let words: string | undefined
  const check = await loginsElsewhere?.attempt(
    who,
    { name, password: utf8(password) },
    async () => {
      const asked = await logIn(behind, { login: name, password, client }, trouble)
      // A refusal does not wait for what the back end says.
      if (isOver) asked.backEnd?.socket.destroy()
      else found = asked.backEnd
      words = asked.words
      return asked.said
    },
  )
  isOver = true
  if (check?.outcome !== 'right' || !found || given.isGone()) {
    found?.socket.destroy()
    if (check?.outcome === 'wrong') return { how: 'wrong', words }
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
