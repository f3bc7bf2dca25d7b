// How often a secret may be guessed wrongly: for which account, and from where. A budget is counted in wrong attempts and in those that are
// being looked at, which may all be wrong. docs/passwords.md says what these numbers mean for people.

import { MINUTE } from '../model/duration.ts'
import { type FailureCounts, failureCounts } from './failure-counts.ts'

/** Wrong attempts that are forgiven within the window. Right ones cost nothing. */
const BUDGETS = {
  /** One account from its own line, at one household or, where the line is wider, one address: four devices that try an old password once a minute. */
  'own-line': 60,
  /** There, whatever account of the same customer: eighty people behind one address of a campus that mistype three times each. */
  'own-line-source': 240,
  /** One account from all of its own line: four such places. Reached on lines with many addresses, by a client that changes its address. */
  'own-line-login': 240,
  /** One account from an address (or IPv6 /64) where it was used rightly within a month: the same, at work. */
  'known-source': 60,
  /** One account from an address where it is not known, of a network (/24, /48) in which it is, when what follows is spent: a person who mistypes. */
  'known-network-source': 5,
  /** One account from all such addresses of one network: four of them. So many a thief has there beside what strangers have. */
  'known-network': 20,
  /** One account from one network (/24, /48), at addresses where it is not known: a person with a new password and three devices stays below it. */
  'login-network': 15,
  /** One address (or /64), whatever it tries: twenty people behind one address who mistype three times each. */
  source: 60,
  /** Failures of one network: four times those of an address, because a carrier's NAT, or a hosted attacker, uses about four addresses. */
  network: 240,
  /** One account from everywhere it is not known: NIST SP 800-63B §5.2.2 (rev. 3) allows a hundred failures in a row. */
  login: 100,
} as const
export type Budget = keyof typeof BUDGETS

/** From the first wrong try on; then all are forgotten. A client that was told to wait waits no longer than this. */
export const WINDOW = 15 * MINUTE
/** Keys of each budget: 50,000 of them take 15 MB. */
const ROOM = 50_000

/** One of the budgets a try is on. */
export type Charge = { readonly budget: Budget; readonly key: string }

export type Spent = {
  readonly by: Budget
  /** In ms. */
  readonly retryAfter: number
  /** It was not told in this window yet. */
  readonly tell: boolean
}

type Outcome = 'right' | 'wrong' | 'undecided'

export type GuessBudgets = {
  /** `wait`: there would be room if those that are being looked at were right. */
  room(charges: readonly Charge[]): 'go' | 'wait' | 'spent'
  /** Which budget is spent; undefined when none is. */
  spent(charges: readonly Charge[]): Spent | undefined
  /** Wrong attempts on a budget within its window. */
  wrong(charge: Charge): number
  begin(charges: readonly Charge[]): void
  end(charges: readonly Charge[], outcome: Outcome): void
}

export type BudgetSettings = {
  /** In ms; goes on whatever happens to the clock on the wall. */
  readonly steady?: () => number
  /** Keys of each budget that are counted, `ROOM` by default. */
  readonly room?: number
}

export function guessBudgets({
  steady = () => performance.now(),
  room: keys = ROOM,
}: BudgetSettings): GuessBudgets {
  const counts = () => failureCounts({ now: steady, window: WINDOW, room: keys })
  // A table each, so that filling one washes nothing out of another.
  const wrong: Readonly<Record<Budget, FailureCounts>> = {
    'own-line': counts(),
    'own-line-source': counts(),
    'own-line-login': counts(),
    'known-source': counts(),
    'known-network-source': counts(),
    'known-network': counts(),
    'login-network': counts(),
    source: counts(),
    network: counts(),
    login: counts(),
  }
  /** As many as are looked at or wait for it: bounded by the connections there are. */
  const inFlight = new Map<string, number>()
  const flying = (charge: Charge) => inFlight.get(nameOf(charge)) ?? 0
  const isSpent = ({ budget, key }: Charge) => wrong[budget].of(key) >= BUDGETS[budget]
  const isTaken = (charge: Charge) =>
    wrong[charge.budget].of(charge.key) + flying(charge) >= BUDGETS[charge.budget]

  return {
    wrong: ({ budget, key }) => wrong[budget].of(key),
    room: charges => {
      if (charges.some(isSpent)) return 'spent'
      return charges.some(isTaken) ? 'wait' : 'go'
    },
    spent: charges => {
      const found = charges.find(isSpent)
      if (!found) return undefined
      const { forgottenIn, tellOnce } = wrong[found.budget]
      return { by: found.budget, retryAfter: forgottenIn(found.key), tell: tellOnce(found.key) }
    },
    begin: charges => {
      for (const charge of charges) inFlight.set(nameOf(charge), flying(charge) + 1)
    },
    end: (charges, outcome) => {
      for (const charge of charges) {
        const left = flying(charge) - 1
        if (left > 0) inFlight.set(nameOf(charge), left)
        else inFlight.delete(nameOf(charge))
        if (outcome === 'wrong') wrong[charge.budget].add(charge.key)
        else if (unlocks(outcome, charge)) wrong[charge.budget].forget(charge.key)
      }
    },
  }
}

/** A client that knows the secret after all begins anew where it sits. What was spent elsewhere, or by others there, is not forgotten for that. */
const unlocks = (outcome: Outcome, { budget }: Charge) =>
  outcome === 'right' && (budget === 'own-line' || budget === 'known-source')
const nameOf = ({ budget, key }: Charge) => `${budget} ${key}`
