// Which login a client says that it is, and what it proves it by: the server behind alone knows whether that is right.

import { parseBearer, TOKEN_MECHANISMS, type TokenMechanism } from '../mail/sasl/bearer.ts'
import { decodeBase64, type Offered, parsePlainBytes } from '../mail/sasl/plain.ts'

export type Claim = Offered & {
  /** The password is a token, and this is how it was said: it is passed on so. */
  readonly token?: { readonly mechanism: TokenMechanism; readonly response: string }
}

/** Bytes of a name, and of a password; of a token, where it is whole in a line. */
const MAX_NAME = 255
const MAX_PASSWORD = 1024
const MAX_TOKEN = 8192

export type Mechanism = 'PLAIN' | TokenMechanism

/** `tokens`: those that the server behind takes. Undefined for any other. */
export function mechanismOf(
  name: string,
  tokens: readonly TokenMechanism[],
): Mechanism | undefined {
  const upper = name.toUpperCase()
  return upper === 'PLAIN'
    ? upper
    : TOKEN_MECHANISMS.find(one => one === upper && tokens.includes(one))
}

/** `response`: as the client said it, in base64. `another`: it asks to act as another user, or does not say as whom. */
export function claimIn(mechanism: Mechanism, response: string): Claim | 'no-base64' | 'another' {
  if (decodeBase64(response) === undefined) return 'no-base64'
  if (mechanism === 'PLAIN') return parsePlainBytes(response) ?? 'another'
  const { login, token } = parseBearer(mechanism, response) ?? {}
  if (login === undefined || token === undefined) return 'another'
  return { login, password: token, token: { mechanism, response } }
}

/** One that no server has is not asked about. */
export const isPossible = ({ login, password, token }: Claim): boolean =>
  login !== '' &&
  login.length <= MAX_NAME &&
  password.length <= (token ? MAX_TOKEN : MAX_PASSWORD) &&
  !/[\0\r\n]/.test(login + password)
