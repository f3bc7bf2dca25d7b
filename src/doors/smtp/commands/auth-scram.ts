// AUTH SCRAM-SHA-256 (RFC 5802, RFC 7677): two questions and two answers, and the password is in none of them.

import {
  type ClientFirst,
  parseClientFinal,
  parseClientFirst,
  serverFirst,
} from '../../../mail/sasl/scram.ts'
import type { LoginSalt } from '../../../ports/logins.ts'
import type { Ask, Reaction, State } from '../state.ts'
import { MALFORMED, mistake, say } from './command.ts'

/** Characters: no login name is longer. */
const MAX_NAME = 255

const challenge = (text: string) => `334 ${Buffer.from(text).toString('base64')}\r\n`

export function clientFirst(state: State, base64: string): Reaction {
  const first = parseClientFirst(base64)
  if (!first || first.name.length > MAX_NAME) return mistake(state, MALFORMED)
  const ask = { ask: 'salt', first } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

/** Sends the salt. A client that guesses is refused after its proof: see `rightOrRefused`. */
export function salted(state: State, asked: Ask | undefined, answer: LoginSalt): Reaction {
  if (asked?.ask !== 'salt') return say(state, '')
  const second = serverFirst(asked.first, answer)
  const auth = { wants: 'scram-final', first: asked.first, second } as const
  return say({ ...state, auth }, challenge(second))
}

export function clientFinal(
  state: State,
  base64: string,
  before: { readonly first: ClientFirst; readonly second: string },
): Reaction {
  const final = parseClientFinal(base64, before)
  if (!final) return mistake(state, MALFORMED)
  const ask = { ask: 'prove', given: { name: before.first.name, ...final } } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

/** The client has proved the password; the reply carries our proof. */
export function proved(state: State, login: string, signature: string): Reaction {
  return say({ ...state, auth: { wants: 'scram-end', login } }, challenge(`v=${signature}`))
}
