// Slows down guessing, at every door where a secret is said. A try is counted before it is looked at, and the count is given back when
// it was right: sixty at once get no further than sixty in a row. Who sits at the account's own line, or where the account was used
// rightly before, has a budget that nobody else can spend, and goes first. What is beyond a budget is never looked at. The same wrong secret counts once.

import { createHash } from 'node:crypto'
import { maskIp, sourceOf } from '../model/ip.ts'
import type { Client } from '../model/step.ts'
import type { Turn } from '../ports/credentials.ts'
import type { Leases } from '../ports/leases.ts'
import { failureCounts } from './failure-counts.ts'
import {
  type BudgetSettings,
  type Charge,
  guessBudgets,
  type Spent,
  WINDOW,
} from './guess-budgets.ts'
import type { KnownSources } from './known-sources.ts'
import { type WrongSecrets, wrongSecrets } from './wrong-secrets.ts'

export type Standing = 'own-line' | 'known-source' | 'elsewhere'

/** Somebody says a secret. */
export type Guess = {
  /** What it is the secret of, folded: `login ann@isp.example`, `portal 10017`. It need not exist. */
  readonly account: string
  /** The customer it would belong to. */
  readonly subscriber: string | undefined
  readonly client: Client
  /** As it was said; absent where what is said is another each time, as a proof or a code is. */
  readonly secret?: string
}

/** Not looked at. */
export type Stopped = { readonly outcome: 'stopped' } & Spent
/** `undecided`: nobody can tell just now, so it does not count. */
export type Looked = 'right' | 'wrong' | 'undecided'
/** `repeated`: wrong as before, from the same place; it was counted then, and told. */
export type Tried = { readonly outcome: Looked; readonly repeated?: true } | Stopped

export type AuthBrake = {
  /** Has the secret looked at, if it may be: where its owner is, and its turn for what is costly. */
  attempt(guess: Guess, look: (turn: Turn, standing: Standing) => Promise<Looked>): Promise<Tried>
  /** Whether a try would be stopped now, without one. */
  stopped(guess: Guess): Promise<Stopped | undefined>
}

export type BrakeParts = BudgetSettings & {
  readonly leases: Pick<Leases, 'holder'>
  readonly known: KnownSources
}

type Waiting = {
  readonly charges: readonly Charge[]
  readonly resume: (room: 'go' | 'spent') => void
}

/** Tries that wait until those before them are known to be right or wrong; more are told to come back. */
const MAX_WAITING = 500

/**
 * Nothing speaks against a stranger as long as fewer tries than these were wrong within the window: from its network (/24, /48), which is a
 * person who mistypes; and from its surroundings (/16, /32), because who has a /32 has all networks in it. What others guessed at the
 * same account does not speak against its owner.
 */
const FRESH = { near: 3, around: 20 } as const
const SURROUNDINGS = 50_000

export function authBrake(parts: BrakeParts): AuthBrake {
  const { steady = () => performance.now(), room } = parts
  const budgets = guessBudgets({ steady, ...(room === undefined ? {} : { room }) })
  const secrets = wrongSecrets({ now: steady })
  const around = failureCounts({ now: steady, window: WINDOW, room: SURROUNDINGS })
  let waiting: Waiting[] = []

  const turnOf = ({ client }: Guess, standing: Standing): Turn => {
    const { source, network, surroundings } = placesOf(client)
    if (standing !== 'elsewhere') return { lane: 'first', from: source }
    // Strangers take turns by network: somebody who has a /48 has all its sources.
    const turn = { lane: 'rest', from: network } as const
    const isNear = budgets.wrong({ budget: 'network', key: network }) >= FRESH.near
    const isFresh = !isNear && around.of(surroundings) < FRESH.around
    return isFresh ? { ...turn, fresh: surroundings } : turn
  }

  const stop = (charges: readonly Charge[]): Stopped | undefined => {
    const spent = budgets.spent(charges)
    return spent && { outcome: 'stopped', ...spent }
  }
  /** Counts a try as soon as there is room; undefined when it is counted. */
  const begin = async (charges: readonly Charge[]): Promise<Tried | undefined> => {
    if (budgets.room(charges) === 'wait') {
      if (waiting.length >= MAX_WAITING) return { outcome: 'undecided' }
      const room = await new Promise(resume => waiting.push({ charges, resume }))
      return room === 'go' ? undefined : (stop(charges) ?? { outcome: 'undecided' })
    }
    const stopped = stop(charges)
    if (!stopped) budgets.begin(charges)
    return stopped
  }
  const end = (charges: readonly Charge[], outcome: Looked) => {
    budgets.end(charges, outcome)
    waiting = waiting.filter(one => {
      const room = budgets.room(one.charges)
      // Counted here and not when it goes on: the next one must see it.
      if (room === 'go') budgets.begin(one.charges)
      if (room !== 'wait') one.resume(room)
      return room === 'wait'
    })
  }

  return {
    stopped: async guess => stop(chargesOf(guess, await standingOf(parts, guess))),
    attempt: async (guess, look) => {
      const standing = await standingOf(parts, guess)
      const charges = chargesOf(guess, standing)
      const refused = await begin(charges)
      if (refused) return refused
      let outcome: Looked = 'undecided'
      let repeated = false
      try {
        outcome = await look(turnOf(guess, standing), standing)
        repeated = outcome === 'wrong' && isRepeated(secrets, guess, standing)
      } finally {
        end(charges, repeated ? 'undecided' : outcome)
      }
      if (repeated) return { outcome, repeated }
      if (outcome === 'wrong' && standing === 'elsewhere')
        around.add(placesOf(guess.client).surroundings)
      if (outcome === 'right') await parts.known.learn(guess.account, placesOf(guess.client).source)
      return { outcome }
    },
  }
}

async function standingOf(
  { leases, known }: BrakeParts,
  { account, subscriber, client }: Guess,
): Promise<Standing> {
  const { realm, address, port } = client
  if (subscriber !== undefined) {
    const holder = leases.holder(realm, address, port)
    if (holder.sure === 'certain' && holder.subscriber === subscriber) return 'own-line'
  }
  const isKnown = await known.knows(account, placesOf(client).source)
  return isKnown ? 'known-source' : 'elsewhere'
}

function chargesOf({ account, client }: Guess, standing: Standing): readonly Charge[] {
  const { source, network } = placesOf(client)
  switch (standing) {
    case 'own-line':
      return [{ budget: 'own-line', key: hashOf(account) }]
    case 'known-source':
      return [{ budget: 'known-source', key: hashOf(`${account} ${source}`) }]
    case 'elsewhere':
      return [
        { budget: 'login-network', key: hashOf(`${account} ${network}`) },
        { budget: 'source', key: source },
        { budget: 'network', key: network },
        { budget: 'login', key: hashOf(account) },
      ]
    default:
      return standing satisfies never
  }
}

function isRepeated(
  secrets: WrongSecrets,
  { account, client, secret }: Guess,
  standing: Standing,
): boolean {
  if (secret === undefined) return false
  const { source, network } = placesOf(client)
  const place = hashOf(`${account} ${source}`)
  // A stranger with many logins or a whole network does not have more looked at for that.
  return secrets.isRepeated({ place, secret, from: standing === 'elsewhere' ? network : place })
}

/** A name may be as long as a form is; what is kept of it is not. And it may be a password, typed into the wrong field. */
const hashOf = (key: string) => createHash('sha256').update(key).digest('base64').slice(0, 22)

/** Inside addresses of two realms are not the same. */
const placesOf = ({ realm, address }: Client) => ({
  source: `${realm} ${sourceOf(address)}`,
  network: `${realm} ${maskIp(address)}`,
  surroundings: `${realm} ${maskIp(address, 16, 32)}`,
})
