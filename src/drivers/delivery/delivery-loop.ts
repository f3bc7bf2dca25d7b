// Takes what is due out of the spool and brings it where it belongs: many trips at once, few to the same place, and no
// place that can take the others' turns. What became of each recipient goes back into the spool.

import { DAY, MINUTE, SECOND } from '../../model/duration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Recipients } from '../../ports/recipients.ts'
import type { Resolver } from '../../ports/resolver.ts'
import type { Claim, Spool } from '../../ports/spool.ts'
import { type CarryParts, carry } from './carry.ts'
import { Destinations } from './destinations.ts'
import { type Job, jobsOf, type Outcome } from './job.ts'
import { listingAlarm } from './listing-alarm.ts'
import { type RouteSettings, routeOf } from './routes.ts'
import { conclude, type Conclusion, giveBack, putOff, type SettleParts } from './settle.ts'
import { forAll } from './smtp-client.ts'
import { smtpPool } from './smtp-pool.ts'

export type DeliveryParts = Omit<SettleParts, 'alarm'> & {
  readonly senderAway?: CarryParts['senderAway']
  readonly seal?: CarryParts['seal']
  readonly spool: Spool
  readonly recipients: Recipients
  readonly resolver: Pick<Resolver, 'mx' | 'addresses'>
  readonly clock: Clock
  readonly settings: DeliverySettings
  readonly trouble: (error: unknown, about: string) => void
}

export type DeliverySettings = RouteSettings & {
  /** Folder of the Maildirs. */
  readonly mailboxes: string
  readonly atOnce: number
  readonly perDestination: number
}

export type DeliveryLoop = {
  start(): void
  /** Routes and limits of everything that is not on its way yet; name and folder stay what they were. */
  replace(settings: DeliverySettings): void
  /** Begins nothing more. Resolves when nothing is on its way, or after `graceMs`: the rest is still in the queue. */
  stop(graceMs: number): Promise<void>
}

// Far longer than a delivery can take (each server gets an hour at most, see smtp-client.ts), so that nothing is ever
// lent twice; a crash forgets all leases anyway.
const LEASE = DAY
/** Recipients that are lent to us at a time: enough to find work for every free place. */
const WINDOW = 1000
/** When they are all lent and more than this of them wait for a place that is stuck, they are put off. */
const SHARE = 250
const PUT_OFF = MINUTE
/** While everything is lent. */
const LOOK_AGAIN = 10 * SECOND
/** Between attempts to write down what happened, in real time. */
const FIRST_WAIT = SECOND
const LONGEST_WAIT = 30 * SECOND
/** Looks for work this often even if nobody calls. */
const AT_LEAST_EVERY = MINUTE

export function deliveryLoop(parts: DeliveryParts): DeliveryLoop {
  const { spool, clock } = parts
  let { settings } = parts
  const pool = smtpPool(settings.ourName)
  const carrying: CarryParts = {
    ...parts,
    pool,
    mailboxes: settings.mailboxes,
    senderAway: parts.senderAway ?? (claim => claim.sender),
    seal: parts.seal ?? (async () => ''),
  }
  const settling: SettleParts = { ...parts, alarm: listingAlarm(parts.report) }
  const destinations = new Destinations<Job>(settings)
  const underWay = new Set<Promise<void>>()
  let lent = 0
  let stopped = true
  let looking = false
  let again = false
  let timer: NodeJS.Timeout | undefined

  const isStopped = () => stopped

  const look = async (): Promise<void> => {
    if (stopped) return
    // Half a window at least: asking for every single recipient would be a question for every answer.
    if (looking || lent > WINDOW / 2) {
      again = true
      if (!looking) makeRoom()
      return
    }
    looking = true
    again = false
    try {
      const claims = await spool.claim(clock.now(), WINDOW - lent, LEASE)
      for (const claim of claims) {
        lent += claim.recipients.length
        watch(arrange(claim).catch(error => lose(claim, error)))
      }
      if (claims.length === 0) await sleepUntilDue()
    } catch (error) {
      // The queue was closed while it was asked.
      if (isStopped()) return
      parts.trouble(error, 'looking for mail to deliver')
      sleep(AT_LEAST_EVERY)
    } finally {
      looking = false
    }
    if (again) void look()
  }

  /** One place that takes nothing must not keep the others from being seen. */
  const makeRoom = (): void => {
    const stuck = destinations.stuck(SHARE, clock.now())
    if (stuck !== undefined) takeBack(destinations.drain(stuck), clock.now() + PUT_OFF)
    sleep(LOOK_AGAIN)
  }

  const takeBack = (jobs: readonly Job[], nextTry: number): void => {
    for (const job of jobs)
      watch(insist('putting off', () => putOff(parts, job, { nextTry })).then(() => returned(job)))
  }

  /** Finds out where a message goes, and puts its trips into line. */
  const arrange = async (claim: Claim): Promise<void> => {
    const addresses = [...new Set(claim.recipients.map(one => one.address))]
    const routes = await Promise.all(
      addresses.map(
        async address => [address, await routeOf(address, { ...parts, settings })] as const,
      ),
    )
    for (const job of jobsOf(claim, new Map(routes))) {
      if (job.route.kind === 'nowhere') watch(finish(job, carry(carrying, job)))
      else place(job, job.route.destination)
    }
    begin()
  }

  const place = (job: Job, destination: string): void => {
    const silent = destinations.silent(destination, clock.now())
    if (silent) watch(finish(job, Promise.resolve(unanswered(job, silent.why))))
    else destinations.offer(destination, job, clock.now())
  }

  const begin = (): void => {
    for (;;) {
      const next = stopped ? undefined : destinations.next()
      if (!next) return
      watch(travel(next.destination, next.job))
    }
  }

  const travel = async (destination: string, job: Job): Promise<void> => {
    const trip = carry(carrying, job)
    let answered = true
    let why = ''
    try {
      const outcome = await trip
      answered = outcome.answered
      why = [...outcome.replies.values()][0]?.text ?? 'no answer'
    } catch {
      // Ours is the fault, not the destination's; `finish` says so.
    }
    destinations.ended(destination, { answered, at: clock.now(), why })
    await finish(job, trip)
    const silent = destinations.silent(destination, clock.now())
    if (silent) for (const other of destinations.drain(destination)) place(other, destination)
    begin()
  }

  /** What became of a trip is written down, or that nothing did; a queue out of order is waited for. */
  const finish = async (job: Job, trip: Promise<Outcome>): Promise<void> => {
    const about = `delivering ${job.claim.message}`
    let outcome: Outcome | undefined
    try {
      outcome = await trip
    } catch (error) {
      parts.trouble(error, about)
    }
    if (outcome) await writeDown(about, job, conclude(settling, job, outcome, clock.now()))
    else await insist(about, () => giveBack(parts, job.recipients, clock.now()))
    returned(job)
  }

  /** First the sender is told, then the recipient is struck off: a crash in between tells twice, never not at all. */
  const writeDown = async (about: string, job: Job, { letters, settlements }: Conclusion) => {
    for (const letter of letters) await insist(about, () => parts.tell(job.claim, letter))
    await insist(about, () => spool.settle(settlements))
  }

  /** Again and again: forgetting that a message was delivered would deliver it twice. */
  const insist = async (about: string, work: () => Promise<void>): Promise<void> => {
    for (let wait = FIRST_WAIT; !isStopped(); wait = Math.min(LONGEST_WAIT, wait * 2)) {
      try {
        return await work()
      } catch (error) {
        parts.trouble(error, about)
        await new Promise(resolve => setTimeout(resolve, wait))
      }
    }
  }

  /** Nobody knows where it goes: all of it is tried again later. */
  const lose = async (claim: Claim, error: unknown): Promise<void> => {
    parts.trouble(error, `finding the way for ${claim.message}`)
    await insist(`giving back ${claim.message}`, () =>
      giveBack(parts, claim.recipients, clock.now()),
    )
    returned(claim)
  }

  const returned = ({ recipients }: Pick<Claim, 'recipients'>): void => {
    lent -= recipients.length
    void look()
  }

  const watch = (work: Promise<void>): void => {
    const watched: Promise<void> = work
      .catch(error => parts.trouble(error, 'delivering'))
      .finally(() => underWay.delete(watched))
    underWay.add(watched)
  }

  const sleepUntilDue = async () => {
    const due = await spool.nextDue(clock.now())
    sleep(due === undefined ? AT_LEAST_EVERY : Math.min(AT_LEAST_EVERY, due - clock.now()))
  }
  const sleep = (ms: number) => {
    clearTimeout(timer)
    // The queue may have been asked before the stop, and have answered after it.
    if (stopped) return
    timer = setTimeout(() => void look(), Math.max(10, Math.ceil(clock.real(ms))))
  }

  spool.onDue(flushed => {
    if (flushed) destinations.forgive()
    void look()
  })
  return {
    replace: next => {
      settings = next
      destinations.replace(next)
      // Their way may be another one now.
      takeBack(destinations.drainAll(), clock.now())
      begin()
    },
    start: () => {
      stopped = false
      void look()
    },
    stop: async graceMs => {
      stopped = true
      clearTimeout(timer)
      let patience: NodeJS.Timeout | undefined
      const late = new Promise<void>(resolve => (patience = setTimeout(resolve, graceMs)))
      await Promise.race([Promise.all(underWay), late])
      clearTimeout(patience)
      pool.close()
    },
  }
}

/** As if it had been asked and had kept silent once more. */
function unanswered(job: Job, why: string): Outcome {
  const addresses = job.recipients.map(one => one.address)
  const replies = forAll(addresses, { code: 0, text: `not asked again so soon; before: ${why}` })
  return { replies, relay: 'none', final: false, reports: false, answered: false }
}
