// A name and a password: slowed down where somebody guesses, looked up, and told to the engine either way.

import { maskIp } from '../model/ip.ts'
import { foldAddress } from '../model/mail-address.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { Engine } from '../ports/engine.ts'
import type { Asking, LoginCheck, Logins } from '../ports/logins.ts'
import type { AuthBrake } from './auth-brake.ts'

export type LoginsParts = {
  readonly brake: AuthBrake
  readonly credentials: Pick<Credentials, 'verify'>
  readonly engine: Pick<Engine, 'report'>
  readonly now: () => number
}

export function logins(parts: LoginsParts): Logins {
  return {
    check: async (asking, { name, password }) => {
      const login = foldAddress(name)
      if (stopped(parts, asking, login)) return { outcome: 'slow-down', login }
      const answer = await parts.credentials.verify(login, password)
      if (!answer.ok && answer.why === 'busy') return { outcome: 'later', login }
      return concluded(parts, asking, { login, ok: answer.ok })
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
