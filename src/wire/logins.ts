// A name and a password, said or proved: slowed down where somebody guesses, looked up, and told to the engine either way.

import { randomBytes } from 'node:crypto'
import { maskIp } from '../model/ip.ts'
import { foldAddress } from '../model/mail-address.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { Engine } from '../ports/engine.ts'
import type { Asking, LoginCheck, Logins } from '../ports/logins.ts'
import type { AuthBrake } from './auth-brake.ts'

export type LoginsParts = {
  readonly brake: AuthBrake
  readonly credentials: Pick<Credentials, 'verify' | 'salted' | 'prove'>
  readonly engine: Pick<Engine, 'report'>
  readonly now: () => number
  /** What makes each login by SCRAM another one: 24 random letters unless a test says otherwise. */
  readonly nonce?: () => string
}

export function logins(parts: LoginsParts): Logins {
  const { nonce = () => randomBytes(18).toString('base64') } = parts
  return {
    check: async (asking, { name, password }) => {
      const login = foldAddress(name)
      if (stopped(parts, asking, login)) return { outcome: 'slow-down', login }
      const answer = await parts.credentials.verify(login, password, 'send')
      if (!answer.ok && answer.why === 'busy') return { outcome: 'later', login }
      return concluded(parts, asking, { login, ok: answer.ok })
    },
    salt: async (asking, name) => {
      const login = foldAddress(name)
      if (stopped(parts, asking, login)) return { outcome: 'slow-down' }
      return { outcome: 'go-on', nonce: nonce(), ...(await parts.credentials.salted(login)) }
    },
    prove: async (asking, given) => {
      const login = foldAddress(given.name)
      const answer = await parts.credentials.prove(login, given)
      const check = concluded(parts, asking, { login, ok: answer.ok })
      return answer.signature === undefined ? check : { ...check, signature: answer.signature }
    },
  }
}

const stopped = ({ brake }: LoginsParts, { client }: Asking, login: string) =>
  brake.stops(maskIp(client.address), login)

function concluded(
  { brake, engine, now }: LoginsParts,
  { client, listener, session }: Asking,
  { login, ok }: { readonly login: string; readonly ok: boolean },
): LoginCheck {
  const network = maskIp(client.address)
  if (ok) brake.succeeded(network, login)
  else brake.failed(network, login)
  // Where port 25 was turned round, people log in to other providers: their names are none of our business.
  if (ok || listener !== 'turned-round') {
    const { realm, address, port } = client
    engine.report({
      kind: 'link-auth',
      at: now(),
      session,
      listener,
      // Whose line this is, the engine knows.
      who: { realm, address, port, login, sure: 'unknown' },
      ok,
      network,
    })
  }
  return { outcome: ok ? 'right' : 'wrong', login }
}
