// AUTH (RFC 4954), after TLS only. LOGIN has no RFC; it is what older Outlooks speak. SCRAM is in auth-scram.ts.

import { decodeBase64, type Offered, parsePlain } from '../../../mail/sasl/plain.ts'
import type { Reaction, Setup, State } from '../state.ts'
import { clientFinal, clientFirst } from './auth-scram.ts'
import { type Command, MALFORMED, mistake, say } from './command.ts'
import { mechanisms, offersAuth } from './mechanisms.ts'

const ASK_NAME = `334 ${Buffer.from('Username:').toString('base64')}\r\n`
const ASK_PASSWORD = `334 ${Buffer.from('Password:').toString('base64')}\r\n`

export const auth: Command = { name: 'AUTH', phases: ['greeted'], run: start }

function start(state: State, args: string, setup: Setup): Reaction {
  if (state.login !== undefined) return mistake(state, '503 5.5.1 Already authenticated\r\n')
  if (setup.listener === 'inbound' || setup.listener === 'trusted-network') {
    return mistake(state, '502 5.5.1 Authentication not enabled: use port 587 or 465\r\n')
  }
  if (!offersAuth(state, setup))
    return mistake(
      state,
      '538 5.7.11 Encryption required for requested authentication mechanism: send STARTTLS first\r\n',
    )
  const [mechanism = '', first] = args.split(/[ \t]+/)
  if (mechanism === '') return mistake(state, '501 5.5.4 Syntax: AUTH mechanism\r\n')
  switch (mechanism.toUpperCase()) {
    case 'PLAIN':
      if (first === undefined) return say({ ...state, auth: { wants: 'plain' } }, '334 \r\n')
      return verify(state, parsePlain(first))
    case 'LOGIN':
      if (first === undefined) return say({ ...state, auth: { wants: 'login-name' } }, ASK_NAME)
      return nameGiven(state, first)
    case 'SCRAM-SHA-256':
      if (!setup.scram) break
      if (first === undefined) return say({ ...state, auth: { wants: 'scram-first' } }, '334 \r\n')
      return clientFirst(state, first)
    default:
      break
  }
  return mistake(
    state,
    `504 5.5.4 Unrecognized authentication mechanism; there are ${mechanisms(setup).join(', ')}\r\n`,
  )
}

/** The password is right; whether the login may be used is still to be judged. */
export function loggedIn(state: State, login: string): Reaction {
  const ask = { ask: 'judge', stage: 'auth', about: { login } } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

/** A line in the middle of AUTH. */
export function authLine(state: State, text: string): Reaction {
  const { auth: during, ...rest } = state
  if (text === '*') return mistake(rest, '501 5.7.0 Authentication aborted\r\n')
  switch (during?.wants) {
    case 'plain':
      return verify(rest, parsePlain(text))
    case 'login-name':
      return nameGiven(rest, text)
    case 'login-password': {
      const password = decodeBase64(text)
      return verify(rest, password === undefined ? undefined : { login: during.name, password })
    }
    case 'scram-first':
      return clientFirst(rest, text)
    case 'scram-final':
      return clientFinal(rest, text, during)
    case 'scram-end':
      // RFC 4954 §4: the client answers the server's last challenge with an empty response.
      return text === '' || text === '=' ? loggedIn(rest, during.login) : mistake(rest, MALFORMED)
    case undefined:
      return mistake(rest, MALFORMED)
    default:
      return during satisfies never
  }
}

function nameGiven(state: State, base64: string): Reaction {
  const name = decodeBase64(base64)
  if (!name) return mistake(state, MALFORMED)
  return say({ ...state, auth: { wants: 'login-password', name } }, ASK_PASSWORD)
}

function verify(state: State, offered: Offered | undefined): Reaction {
  // No login name or password is longer.
  if (!offered || offered.login.length > 255 || offered.password.length > 1024)
    return mistake(state, MALFORMED)
  const ask = { ask: 'verify', ...offered } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}
