// Logging in at the portal: customer number, portal password, and the second factor where there is one. What is said of a failure
// is the same whether or not there is such a customer.

import type { PortalWords } from '../../languages/english/portal.ts'
import type { Client } from '../../model/step.ts'
import type { Credentials } from '../../ports/credentials.ts'
import type { Engine } from '../../ports/engine.ts'
import type { SecondFactors } from '../../ports/second-factor.ts'
import type { AuthBrake } from '../../wire/auth-brake.ts'
import type { Standing } from '../../wire/guess-place.ts'

export type PortalLoginParts = {
  readonly credentials: Pick<Credentials, 'verifyPortal'>
  readonly factors: Pick<SecondFactors, 'has' | 'check'>
  readonly brake: Pick<AuthBrake, 'attempt'>
  readonly report: Engine['report']
  readonly now: () => number
}

export type PortalGiven = {
  readonly subscriber: string
  readonly password: string
  readonly factor: string
  /** What is said of a failure. */
  readonly words: PortalWords['login']
}

/** `retryAfter` in seconds. */
export type PortalAnswer =
  | 'in'
  | { readonly status: 401; readonly problem: string }
  | { readonly status: 429 | 503; readonly problem: string; readonly retryAfter: number }

/** Of a customer number, however long it was typed. */
const MAX_TOLD = 64

/** A customer waits so long (s) when too many logins come at once. */
const BUSY_FOR = 10

export async function portalLogin(
  parts: PortalLoginParts,
  given: PortalGiven,
  client: Client,
): Promise<PortalAnswer> {
  const { subscriber, password, words } = given
  let second: 'right' | 'wrong' | 'wait' = 'wrong'
  const guess = { account: `portal ${subscriber}`, subscriber, client }
  const tell = (outcome: { readonly ok: boolean; readonly stoppedBy?: string }) =>
    parts.report({
      kind: 'portal-login',
      at: parts.now(),
      address: client.address,
      subscriber: subscriber.slice(0, MAX_TOLD),
      ...outcome,
    })
  const tried = await parts.brake.attempt(guess, async (turn, standing) => {
    // Checked only after the password: a code is good once, and another person must not use it up.
    const known = await parts.credentials.verifyPortal(subscriber, password, turn)
    if (known === 'busy') return 'undecided'
    if (known) second = await secondFactor(parts, given, standing)
    return second === 'right' ? 'right' : 'wrong'
  })
  switch (tried.outcome) {
    case 'right':
      tell({ ok: true })
      return 'in'
    case 'wrong':
      // The same wrong password once more says nothing new.
      if (!tried.repeated) tell({ ok: false })
      return { status: 401, problem: problemOf(second, words) }
    case 'stopped':
      if (tried.tell) tell({ ok: false, stoppedBy: tried.by })
      return stopped(tried.retryAfter, words)
    case 'undecided':
      return {
        status: 503,
        problem: words.busy,
        retryAfter: BUSY_FOR,
      }
    default:
      return tried satisfies never
  }
}

async function secondFactor(
  { factors, now }: PortalLoginParts,
  { subscriber, factor }: PortalGiven,
  standing: Standing,
): Promise<'right' | 'wrong' | 'wait'> {
  const where = standing === 'elsewhere' || standing === 'known-network' ? 'elsewhere' : 'own'
  return factors.has(subscriber) ? factors.check(subscriber, factor, { at: now(), where }) : 'right'
}

const problemOf = (second: string, words: PortalWords['login']): string =>
  second === 'wait' ? words.codes : words.wrong

function stopped(ms: number, words: PortalWords['login']): PortalAnswer {
  const retryAfter = Math.max(1, Math.ceil(ms / 1000))
  const minutes = Math.ceil(retryAfter / 60)
  return {
    status: 429,
    problem: words.tooMany(minutes),
    retryAfter,
  }
}
