// Writes down what became of each trip. A queue that is out of order is waited for: to forget that a message was delivered would be to
// deliver it twice.

import { SECOND } from '../../model/duration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Claim, Spool } from '../../ports/spool.ts'
import type { Job, Outcome } from './job.ts'
import { conclude, type Conclusion, defer, giveBack, type SettleParts } from './settle.ts'

/** Between attempts to write down what happened, in real time. */
const FIRST_WAIT = SECOND
const LONGEST_WAIT = 30 * SECOND

export type OutcomeWriter = {
  /** Waits for a trip, and writes down what became of it; or that nothing did, when the trip rejects. */
  finish(job: Job, trip: Promise<Outcome>): Promise<void>
  /** To be attempted again at `nextAttempt`, as if it had not been lent. */
  defer(job: Job, nextAttempt: number): Promise<void>
  /** Where it goes is not known: all of it is attempted again later. */
  lose(claim: Claim, error: unknown): Promise<void>
}

export type WriterNeeds = {
  readonly spool: Pick<Spool, 'settle'>
  readonly clock: Clock
  readonly settlement: SettleParts
  readonly trouble: (error: unknown, about: string) => void
  /** True while Cordon stops: outcomes that cannot be written are not retried; the messages are still in the queue. */
  readonly isStopped: () => boolean
  /** Recipients that were lent are no longer. */
  readonly returned: (what: Pick<Claim, 'recipients'>) => void
}

export function outcomeWriter(needs: WriterNeeds): OutcomeWriter {
  const { spool, clock, settlement, trouble, returned } = needs
  return {
    finish: async (job, trip) => {
      const about = `delivering ${job.claim.message}`
      let outcome: Outcome | undefined
      try {
        outcome = await trip
      } catch (error) {
        trouble(error, about)
      }
      if (outcome) await writeDown(needs, job, conclude(settlement, job, outcome, clock.now()))
      else await insist(needs, about, () => giveBack(settlement, job.recipients, clock.now()))
      returned(job)
    },
    defer: async (job, nextAttempt) => {
      await insist(needs, 'deferring', () => defer({ spool }, job, { nextAttempt }))
      returned(job)
    },
    lose: async (claim, error) => {
      trouble(error, `finding the way for ${claim.message}`)
      await insist(needs, `giving back ${claim.message}`, () =>
        giveBack(settlement, claim.recipients, clock.now()),
      )
      returned(claim)
    },
  }
}

/** First the sender is told, then the recipient is struck off: a crash in between tells twice, never not at all. */
async function writeDown(
  needs: WriterNeeds,
  job: Job,
  { letters, settlements }: Conclusion,
): Promise<void> {
  const about = `delivering ${job.claim.message}`
  for (const letter of letters)
    if (!(await insist(needs, about, () => needs.settlement.tell(job.claim, letter)))) return
  await insist(needs, about, () => needs.spool.settle(settlements))
}

/** Tries again until it is done (true) or Cordon stops; once in any case: a stop waits for what is on its way. */
async function insist(
  { isStopped, trouble }: WriterNeeds,
  about: string,
  work: () => Promise<void>,
): Promise<boolean> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * 2)) {
    try {
      await work()
      return true
    } catch (error) {
      trouble(error, about)
    }
    if (isStopped()) return false
    await new Promise(resolve => setTimeout(resolve, wait))
    if (isStopped()) return false
  }
}
