// A token in place of a password: OAUTHBEARER (RFC 7628 §3.1), and XOAUTH2, which Google and Microsoft say to the same end. Whose token it is
// is asked of a server that knows; here is read whose it is said to be.

import { decodeBase64 } from './plain.ts'

export const TOKEN_MECHANISMS = ['XOAUTH2', 'OAUTHBEARER'] as const
export type TokenMechanism = (typeof TOKEN_MECHANISMS)[number]

export type OfferedToken = { readonly login: string; readonly token: string }

/** RFC 7628 §3.1: kvsep. */
const BETWEEN = '\x01'

/** Undefined when it is not such a message, or does not say whose token it is. */
export function parseBearer(mechanism: TokenMechanism, base64: string): OfferedToken | undefined {
  const [first = '', ...fields] = decodeBase64(base64)?.split(BETWEEN) ?? []
  // Two at the end: of the last field, and of the message.
  if (fields.pop() !== '' || fields.pop() !== '') return undefined
  const [auth, ...others] = fields.filter(field => /^auth=/i.test(field))
  const token = /^auth=Bearer ([!-~]+)$/i.exec(auth ?? '')?.[1]
  const login = mechanism === 'XOAUTH2' ? /^user=(.+)$/.exec(first)?.[1] : authzid(first)
  if (token === undefined || others.length > 0 || !login || /\p{Cc}/u.test(login)) return undefined
  return { login, token }
}

/** RFC 5801 §4: the GS2 header, without channel binding. */
function authzid(header: string): string | undefined {
  const said = /^[ny],a=((?:[^,=]|=2C|=3D)+),$/.exec(header)?.[1]
  return said?.replaceAll('=2C', ',').replaceAll('=3D', '=')
}

/** What a client answers to the reason of a refusal, before it hears the refusal (RFC 7628 §3.2.3; XOAUTH2: nothing). */
export const answerToReason = (mechanism: TokenMechanism): string =>
  mechanism === 'OAUTHBEARER' ? 'AQ==' : ''
