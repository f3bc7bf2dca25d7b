// AUTH at a decoy: what a client offers, for one look at whether it is a login of ours with its right password. It is kept no longer.

import { decodeBase64, type Offered, parsePlain } from '../../mail/sasl/plain.ts'

/** No name or password is longer. */
const MAX_NAME = 255
const MAX_PASSWORD = 1024

/** What is said so far: `AUTH mechanism [initial]`, and the lines after it. */
export type Offering = { readonly mechanism: string; readonly said: readonly string[] }

export function offeredIn({ mechanism, said }: Offering): Offered | undefined {
  const offered = mechanism === 'LOGIN' ? inTwo(said) : parsePlain(said[0] ?? '')
  if (!offered || offered.login === '' || offered.password === '') return undefined
  return offered.login.length > MAX_NAME || offered.password.length > MAX_PASSWORD
    ? undefined
    : offered
}

function inTwo([name = '', secret = '']: readonly string[]): Offered | undefined {
  const [login, password] = [decodeBase64(name), decodeBase64(secret)]
  return login === undefined || password === undefined ? undefined : { login, password }
}
