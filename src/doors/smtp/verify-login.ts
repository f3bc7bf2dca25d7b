// A name and a password: slowed down where somebody guesses, looked up, and told to the engine either way.

import { maskIp } from '../../model/ip.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { Client, ListenerKind } from '../../model/step.ts'
import type { SmtpParts } from './server.ts'
import type { Input } from './state.ts'

type About = {
  readonly client: Client
  readonly listener: ListenerKind
  readonly session: string
}

export async function verifyLogin(
  parts: Pick<SmtpParts, 'brake' | 'credentials' | 'engine' | 'now'>,
  { client, listener, session }: About,
  given: { readonly name: string; readonly password: string },
): Promise<Extract<Input, { kind: 'verified' }>> {
  const login = foldAddress(given.name)
  const network = maskIp(client.address)
  if (parts.brake.stops(network, login)) return { kind: 'verified', outcome: 'slow-down', login }
  const answer = await parts.credentials.verify(login, given.password)
  if (!answer.ok && answer.why === 'busy') return { kind: 'verified', outcome: 'later', login }
  if (answer.ok) parts.brake.succeeded(network, login)
  else parts.brake.failed(network, login)
  // Where port 25 was turned round, people log in to other providers: their names are none of our business.
  if (answer.ok || listener !== 'turned-round') {
    const { realm, address, port } = client
    parts.engine.report({
      kind: 'link-auth',
      at: parts.now(),
      session,
      listener,
      // Whose line this is, the engine knows.
      who: { realm, address, port, login, sure: 'unknown' },
      ok: answer.ok,
      network,
    })
  }
  return { kind: 'verified', outcome: answer.ok ? 'right' : 'wrong', login }
}
