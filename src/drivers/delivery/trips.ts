// Mail that was lent to us, on its way: each message is put into line for the places it goes to, places take turns, and one that keeps
// silent takes no turn of others.

import { MINUTE } from '../../model/duration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Recipients } from '../../ports/recipients.ts'
import type { Claim } from '../../ports/spool.ts'
import { type CarryParts, carry } from './carry.ts'
import { Destinations, type Limits } from './destinations.ts'
import { type Job, jobsOf, type Outcome } from './job.ts'
import { type RouteSettings, routeOf } from './routes.ts'
import type { MailServers } from './mail-servers.ts'
import { forAll } from './smtp-client.ts'
import type { UnderWay } from './under-way.ts'
import type { OutcomeWriter } from './write-outcomes.ts'

type TripSettings = RouteSettings & Limits

export type TripParts = {
  readonly recipients: Recipients
  readonly servers: MailServers
  readonly clock: Clock
  readonly carrier: CarryParts
  readonly writer: OutcomeWriter
  readonly works: UnderWay
  readonly isStopped: () => boolean
}

/** Recipients that may wait for a stuck destination; when more wait, all are deferred for `PUT_OFF`, ms. */
const SHARE = 250
const PUT_OFF = MINUTE

export class Trips {
  readonly #parts: TripParts
  readonly #destinations: Destinations<Job>
  #settings: TripSettings

  constructor(parts: TripParts, settings: TripSettings) {
    this.#parts = parts
    this.#settings = settings
    this.#destinations = new Destinations<Job>(settings)
  }

  /** Finds out where a message goes, and puts its trips into line. */
  async take(claim: Claim): Promise<void> {
    const addresses = [...new Set(claim.recipients.map(one => one.address))]
    const { recipients, servers } = this.#parts
    const asked = { recipients, servers, settings: this.#settings }
    const routes = await Promise.all(
      addresses.map(async address => [address, await routeOf(address, asked)] as const),
    )
    for (const job of jobsOf(claim, new Map(routes))) {
      if (job.route.kind === 'nowhere') this.#finish(job, carry(this.#parts.carrier, job))
      else this.#place(job, job.route.destination)
    }
    this.#begin()
  }

  /** A destination that accepts nothing must not fill the room of the others: the mail that waits for it is deferred. */
  makeRoom(): void {
    const now = this.#parts.clock.now()
    const stuck = this.#destinations.stuck(SHARE, now)
    if (stuck !== undefined) this.#takeBack(this.#destinations.drain(stuck), now + PUT_OFF)
  }

  /** For all mail whose trip has not begun yet: its way may be another one now. */
  replace(settings: TripSettings): void {
    this.#settings = settings
    this.#destinations.replace(settings)
    this.#takeBack(this.#destinations.drainAll(), this.#parts.clock.now())
    this.#begin()
  }

  /** Places that kept silent are asked again. */
  forgive(): void {
    this.#destinations.forgive()
  }

  #takeBack(jobs: readonly Job[], nextAttempt: number): void {
    for (const job of jobs) this.#parts.works.watch(this.#parts.writer.defer(job, nextAttempt))
  }

  #place(job: Job, destination: string): void {
    const now = this.#parts.clock.now()
    const silent = this.#destinations.silent(destination, now)
    if (silent) this.#finish(job, Promise.resolve(unanswered(job, silent.why)))
    else this.#destinations.offer(destination, job, now)
  }

  #begin(): void {
    while (!this.#parts.isStopped()) {
      const next = this.#destinations.next()
      if (!next) return
      this.#parts.works.watch(this.#travel(next.destination, next.job))
    }
  }

  async #travel(destination: string, job: Job): Promise<void> {
    const { clock, carrier, writer } = this.#parts
    const trip = carry(carrier, job)
    let answered = true
    let why = ''
    try {
      const outcome = await trip
      answered = outcome.answered
      why = [...outcome.replies.values()][0]?.text ?? 'no answer'
    } catch {
      // The fault is ours, not the destination's; the code that writes outcomes says so.
    }
    this.#destinations.ended(destination, { answered, at: clock.now(), why })
    await writer.finish(job, trip)
    const silent = this.#destinations.silent(destination, clock.now())
    if (silent)
      for (const other of this.#destinations.drain(destination)) this.#place(other, destination)
    this.#begin()
  }

  #finish(job: Job, trip: Promise<Outcome>): void {
    this.#parts.works.watch(this.#parts.writer.finish(job, trip))
  }
}

/** As if it had been asked and had kept silent once more. */
function unanswered(job: Job, why: string): Outcome {
  const addresses = job.recipients.map(one => one.address)
  const replies = forAll(addresses, { code: 0, text: `not asked again so soon; before: ${why}` })
  return { replies, relay: 'none', final: false, reports: false, answered: false }
}
