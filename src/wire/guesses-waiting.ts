// Attempts that wait because those that are being looked at have taken the places left in their budgets: in the order in which they came,
// until there is room or a budget is spent. No client fills the room for all others: each account at one place, and each network, has a
// share of it, and strangers have a room of their own. A client whose attempt finds no place is told to come back.

import type { Charge, GuessBudgets } from './guess-budgets.ts'

/** Attempts of strangers, and as many of clients at home or known. */
const ROOM = 500
const SHARE = 50

export type Waiter = {
  readonly charges: readonly Charge[]
  readonly isStranger: boolean
  readonly network: string
}

type WaitingGuess = Waiter & { readonly resume: (room: 'go' | 'spent') => void }

export type GuessesWaiting = {
  /** Resolves when the attempt is counted (`go`), or cannot be counted any more. */
  wait(one: Waiter): Promise<'go' | 'spent' | 'full'>
  /** Some attempts that were looked at are known to be right or wrong. */
  look(): void
}

export function guessesWaiting(budgets: Pick<GuessBudgets, 'room' | 'begin'>): GuessesWaiting {
  let waiting: WaitingGuess[] = []
  const isFull = ({ isStranger, network, charges: [first] }: Waiter): boolean => {
    const room = waiting.filter(one => one.isStranger === isStranger)
    const share = (mine: (one: WaitingGuess) => boolean) => room.filter(mine).length >= SHARE
    return (
      room.length >= ROOM ||
      share(one => one.network === network) ||
      share(one => one.charges[0]?.key === first?.key)
    )
  }
  return {
    wait: one =>
      isFull(one)
        ? Promise.resolve('full')
        : new Promise(resume => waiting.push({ ...one, resume })),
    look: () => {
      waiting = waiting.filter(one => {
        const room = budgets.room(one.charges)
        // Counted here and not when it goes on: the next one must see it.
        if (room === 'go') budgets.begin(one.charges)
        if (room !== 'wait') one.resume(room)
        return room === 'wait'
      })
    },
  }
}
