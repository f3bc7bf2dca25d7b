// A name and a password, said or proved: slowed down where a client guesses, looked up, and told to the engine either way.

import { randomBytes } from 'node:crypto'
import { maskIp } from '../model/ip.ts'
import { foldAddress } from '../model/mail-address.ts'
import type { Credentials, LoginAnswer, Turn } from '../ports/credentials.ts'
import type { Engine } from '../ports/engine.ts'
import type { Asking, LoginCheck, Logins, LoginsElsewhere } from '../ports/logins.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import type { AuthBrake, Guess, Looked, Stopped, Tried } from './auth-brake.ts'

export type LoginsParts = {
  readonly brake: AuthBrake
  readonly credentials: Pick<Credentials, 'verify' | 'salted' | 'prove'>
  readonly subscribers: Pick<Subscribers, 'byLogin'>
  readonly engine: Pick<Engine, 'report'>
  readonly now: () => number
  /** The part that makes each SCRAM login different: 24 random letters unless a test says otherwise. */
  readonly nonce?: () => string
}

export function logins(parts: LoginsParts): Logins {
  const { credentials, nonce = () => randomBytes(18).toString('base64') } = parts
  return {
    check: (asking, { name, password }) => {
      const login = foldAddress(name)
      return attempt(parts, asking, { login, secret: password }, async turn =>
        lookedAt(await credentials.verify(login, password, 'send', turn)),
      )
    },
    salt: async (_asking, name) => ({
      nonce: nonce(),
      ...(await credentials.salted(foldAddress(name))),
    }),
    prove: async (asking, given) => {
      let signature: string | undefined
      const login = foldAddress(given.name)
      const check = await attempt(parts, asking, { login }, async () => {
        const answer = await credentials.prove(login, given)
        signature = answer.signature
        return lookedAt(answer)
      })
      return signature === undefined ? check : { ...check, signature }
    },
  }
}

/** The same brake, for a door whose passwords another server knows. */
export function loginsElsewhere(parts: Omit<LoginsParts, 'credentials'>): LoginsElsewhere {
  return {
    attempt: async (asking, { name, password }, ask) => {
      const login = foldAddress(name)
      const guess = { ...guessAt(parts, asking, login), secret: password }
      const tried = await parts.brake.attempt(guess, ask)
      return answerTo(parts, asking, { login, tried, tellsRight: false })
    },
  }
}

const lookedAt = (answer: LoginAnswer): Looked => {
  if (answer.ok) return 'right'
  return answer.why === 'busy' ? 'undecided' : 'wrong'
}

/** What the brake knows a mail login by: portal accounts are counted apart. */
export const accountOf = (login: string): string => `login ${login}`

const guessAt = (
  { subscribers }: Pick<LoginsParts, 'subscribers'>,
  { client }: Asking,
  login: string,
): Guess => ({
  account: accountOf(login),
  subscriber: subscribers.byLogin(login)?.id,
  client,
})

async function attempt(
  parts: LoginsParts,
  asking: Asking,
  { login, ...secret }: { readonly login: string; readonly secret?: string },
  look: (turn: Turn) => Promise<Looked>,
): Promise<LoginCheck> {
  const tried = await parts.brake.attempt({ ...guessAt(parts, asking, login), ...secret }, look)
  return answerTo(parts, asking, { login, tried, tellsRight: true })
}

type Teller = Pick<LoginsParts, 'engine' | 'now'>

function answerTo(
  parts: Teller,
  asking: Asking,
  {
    login,
    tried,
    tellsRight,
  }: { readonly login: string; readonly tried: Tried; readonly tellsRight: boolean },
): LoginCheck {
  switch (tried.outcome) {
    case 'right':
    case 'wrong':
      if (tried.repeated) return { outcome: 'wrong', login }
      if (tried.outcome === 'wrong' || tellsRight)
        tell(parts, asking, { login, ok: tried.outcome === 'right' })
      return { outcome: tried.outcome, login }
    case 'stopped':
      tellStopped(parts, asking, login, tried)
      return { outcome: 'slow-down', login }
    case 'undecided':
      return { outcome: 'later', login }
    default:
      return tried satisfies never
  }
}

/** Once for each budget in its window: a client that tries a thousand passwords fills no journal, and is seen all the same. */
function tellStopped(parts: Teller, asking: Asking, login: string, stopped: Stopped): void {
  if (stopped.tell) tell(parts, asking, { login, ok: false, stoppedBy: stopped.by })
}

function tell(
  { engine, now }: Teller,
  { client, listener, session }: Asking,
  said: { readonly login: string; readonly ok: boolean; readonly stoppedBy?: string },
): void {
  // Where port 25 was redirected, people log in to other providers: their names are none of our business.
  if (!said.ok && listener === 'redirected') return
  const { realm, address, port } = client
  const { login, ...outcome } = said
  engine.report({
    kind: 'link-auth',
    at: now(),
    session,
    listener,
    // The engine knows which customer's line this is.
    who: { realm, address, port, login, sure: 'unknown' },
    ...outcome,
    network: maskIp(address),
  })
}
