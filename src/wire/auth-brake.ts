// Slows down guessing, at every door where a secret is said. A try is counted before it is looked at, and the count is given back when
// it was right: sixty at once get no further than sixty in a row. A client at an address where the account was used rightly before, or at
// the account's own line, has a budget that clients elsewhere cannot spend, and goes first. A try beyond a budget is never looked at.
// The same wrong secret counts once. In a network where the account is known a new address has a budget when those of strangers are spent:
// what is not right by it is answered as what is refused, and as late, so that a neighbour does not learn which accounts are used there.

import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND } from '../model/duration.ts'
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

type LookAtSecret = (turn: Turn, standing: Standing) => Promise<Looked>

export type AuthBrake = {
  /** Has the secret looked at, if it may be: where its owner is, and its turn for what is costly. */
  attempt(guess: Guess, look: LookAtSecret): Promise<Tried>
}

export type BrakeParts = BudgetSettings & {
  readonly leases: Pick<Leases, 'holder'>
  readonly known: KnownSources
  /** Time passes, in ms; then a stranger is told that it was refused. */
  readonly pause?: (ms: number) => Promise<unknown>
}

/** Networks. */
const REPEATING = 50_000

/** A stranger hears so late that it was refused: a hash takes some 40 ms, and a few of them may be ahead in the first lane. */
const REFUSED_AFTER = SECOND
/** And by chance so much later: a core that was hashing a moment ago may be late by a millisecond, which twenty guesses must not show. */
const BY_CHANCE = SECOND / 4

export function authBrake(parts: BrakeParts): AuthBrake {
  const { steady = () => performance.now(), room, known, pause = shortly } = parts
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
    if (standing === 'known-network') return { lane: 'first', from: network }
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
      const isStranger = isElsewhere(standing)
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

  const lookedAt = async (
    { place, charges }: { readonly place: Place; readonly charges: readonly Charge[] },
    guess: Guess,
    look: LookAtSecret,
  ): Promise<Tried> => {
    const { standing } = place
    const { surroundings, network, source } = networksOf(guess.client)
    let outcome: Looked = 'undecided'
    let repeated = false
    try {
      outcome = await look(turnOf(guess, place), standing)
      // Where it is looked at only because the account is known there, no guess is free: else it would be free later, too, and tell that.
      repeated =
        outcome === 'wrong' && standing !== 'known-network' && isRepeated(secrets, guess, standing)
      if (outcome === 'wrong' && standing === 'elsewhere')
        wrongAround.add(surroundings, wrongFrom(network))
    } finally {
      end(charges, repeated ? 'undecided' : outcome)
    }
    if (repeated) {
      if (standing === 'elsewhere') again.add(network)
      return { outcome, repeated }
    }
    if (outcome === 'right') await known.learn(guess.account, { source, network })
    return { outcome }
  }
  /** Where the account is known in the network. */
  const attemptNearby = async (guess: Guess, look: LookAtSecret): Promise<Tried | undefined> => {
    const { network } = networksOf(guess.client)
    const isKnown = await known.knowsNetwork(guess.account, network)
    if (!isKnown) return undefined
    const place: Place = { standing: 'known-network' }
    const charges = chargesOf(guess, place)
    return (await begin(charges, guess, place)) ?? lookedAt({ place, charges }, guess, look)
  }

  return {
    attempt: async (guess, look) => {
      const place = await placeOf(parts, guess)
      const charges = chargesOf(guess, place)
      const refused = await begin(charges, guess, place)
      if (!refused) return lookedAt({ place, charges }, guess, look)
      // The budgets of strangers are spent, or taken by tries that were under way for as long as one waits.
      if (place.standing !== 'elsewhere') return refused
      return rightOrRefused(
        refused,
        pause(REFUSED_AFTER + randomInt(BY_CHANCE)),
        attemptNearby(guess, look),
      )
    },
  }
}

const shortly = (ms: number) => sleep(ms, undefined, { ref: false })

const isElsewhere = (standing: Standing) => standing === 'elsewhere' || standing === 'known-network'

/** A refusal comes when it is time, whether a secret was looked at or not; one found right later is known when it is said again. */
function rightOrRefused(
  refused: Tried,
  time: Promise<unknown>,
  attempt: Promise<Tried | undefined>,
): Promise<Tried> {
  const isOver = time.then((): Tried => refused)
  return Promise.race([
    isOver,
    attempt.then(tried => (tried?.outcome === 'right' ? tried : isOver)),
  ])
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
  return secrets.isRepeated({ place, secret, from: isElsewhere(standing) ? network : place })
}
