// Slows down guessing, at every door where a secret is said. A try is counted before it is looked at, and the count is given back when
// it was right: sixty at once get no further than sixty in a row. A client at an address where the account was used rightly before, or at
// the account's own line, has a budget that clients elsewhere cannot spend, and goes first. A try beyond a budget is never looked at.
// The same wrong secret counts once.

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
import {
  type Caller,
  chargesOf,
  hashOf,
  networksOf,
  type Place,
  placeOf,
  type Standing,
} from './guess-place.ts'
import { guessesWaiting } from './guesses-waiting.ts'
import type { KnownSources } from './known-sources.ts'
import { lastWrong } from './last-wrong.ts'
import { type WrongSecrets, wrongSecrets } from './wrong-secrets.ts'

/** A client says a secret. */
export type Guess = Caller & {
  /** As it was said; absent where it differs each time, as a proof or a code does. */
  readonly secret?: string
}

/** Not looked at. */
export type Stopped = { readonly outcome: 'stopped' } & Spent
/** `undecided`: it cannot be told just now, so it does not count. */
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

/** Networks. */
const REPEATING = 50_000

export function authBrake(parts: BrakeParts): AuthBrake {
  const { steady = () => performance.now(), room } = parts
  const budgets = guessBudgets({ steady, ...(room === undefined ? {} : { room }) })
  const waiting = guessesWaiting(budgets)
  const secrets = wrongSecrets({ now: steady })
  const wrongAround = lastWrong({ now: steady, window: WINDOW })
  /** The same wrong secret again, by network: no budget counts it, but it takes as long to look at. */
  const again = failureCounts({ now: steady, window: WINDOW, room: REPEATING })

  const wrongFrom = (network: string) =>
    budgets.wrong({ budget: 'network', key: network }) + again.of(network)
  const turnOf = ({ client }: Guess, { standing, household }: Place): Turn => {
    const { source, network, surroundings } = networksOf(client)
    if (standing === 'known-source') return { lane: 'first', from: source }
    // A line with many people has as many sources as a client there likes.
    if (standing === 'own-line') return { lane: 'first', from: household ? source : network }
    // Of strangers a network is one: a client with a /48 has all its sources.
    const around = wrongAround.of(surroundings)
    const stranger = { own: () => wrongFrom(network), around, since: wrongAround.count }
    return { lane: 'rest', from: network, stranger }
  }

  const stop = (charges: readonly Charge[]): Stopped | undefined => {
    const spent = budgets.spent(charges)
    return spent && { outcome: 'stopped', ...spent }
  }
  /** Counts a try as soon as there is room; undefined when it is counted. */
  const begin = async (
    charges: readonly Charge[],
    { client }: Guess,
    { standing }: Place,
  ): Promise<Tried | undefined> => {
    if (budgets.room(charges) === 'wait') {
      const { network } = networksOf(client)
      const isStranger = standing === 'elsewhere'
      const room = await waiting.wait({ charges, isStranger, network })
      return room === 'go' ? undefined : (stop(charges) ?? { outcome: 'undecided' })
    }
    const stopped = stop(charges)
    if (!stopped) budgets.begin(charges)
    return stopped
  }
  const end = (charges: readonly Charge[], outcome: Looked) => {
    budgets.end(charges, outcome)
    waiting.look()
  }

  return {
    stopped: async guess => stop(chargesOf(guess, await placeOf(parts, guess))),
    attempt: async (guess, look) => {
      const place = await placeOf(parts, guess)
      const { standing } = place
      const charges = chargesOf(guess, place)
      const refused = await begin(charges, guess, place)
      if (refused) return refused
      const { surroundings, network, source } = networksOf(guess.client)
      let outcome: Looked = 'undecided'
      let repeated = false
      try {
        outcome = await look(turnOf(guess, place), standing)
        repeated = outcome === 'wrong' && isRepeated(secrets, guess, standing)
        if (outcome === 'wrong' && standing === 'elsewhere')
          wrongAround.add(surroundings, wrongFrom(network))
      } finally {
        end(charges, repeated ? 'undecided' : outcome)
      }
      if (repeated) {
        if (standing === 'elsewhere') again.add(network)
        return { outcome, repeated }
      }
      if (outcome === 'right') await parts.known.learn(guess.account, source)
      return { outcome }
    },
  }
}

function isRepeated(
  secrets: WrongSecrets,
  { account, client, secret }: Guess,
  standing: Standing,
): boolean {
  if (secret === undefined) return false
  const { source, network } = networksOf(client)
  const place = hashOf(`${account} ${source}`)
  // A stranger with many logins or a whole network does not have more looked at for that.
  return secrets.isRepeated({ place, secret, from: standing === 'elsewhere' ? network : place })
}
