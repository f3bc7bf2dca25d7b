// Takes what is due out of the spool and brings it where it belongs: many trips at once, few to the same place, and no
// place that can take the others' turns. What became of each recipient goes back into the spool.

import { DAY, MINUTE, SECOND } from '../../model/duration.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Recipients } from '../../ports/recipients.ts'
import type { Spool } from '../../ports/spool.ts'
import type { CarryParts } from './carry.ts'
import { listingAlarm } from './listing-alarm.ts'
import { mailboxGoneAlarm } from './mailbox-gone.ts'
import type { MailServers } from './mail-servers.ts'
import { ownMailAlarm } from './own-mail.ts'
import { ownRefusals } from './own-refusals.ts'
import type { RouteSettings } from './routes.ts'
import { LONGEST_RETRY, type SettleParts } from './settle.ts'
import { smtpPool } from './smtp-pool.ts'
import { Trips } from './trips.ts'
import { type UnderWay, underWay } from './under-way.ts'
import { type OutcomeWriter, outcomeWriter } from './write-outcomes.ts'

export type DeliveryParts = Omit<
  SettleParts,
  'alarm' | 'ownMail' | 'ownRefusals' | 'mailboxGone'
> & {
  readonly senderAway?: CarryParts['senderAway']
  readonly seal?: CarryParts['seal']
  readonly reported?: CarryParts['reported']
  readonly spool: Spool
  readonly recipients: Recipients
  readonly servers: MailServers
  readonly clock: Clock
  readonly settings: DeliverySettings
  readonly trouble: (error: unknown, about: string) => void
}

export type DeliverySettings = RouteSettings & {
  /** Folder of the Maildirs. */
  readonly mailboxes: string
  /** Connections to other servers at once: `delivery.atOnce`, 100 by default, 1 to 10,000. */
  readonly atOnce: number
  /** The same to one destination: `delivery.perDestination`, 20 by default, 1 to 10,000; each begins with two. */
  readonly perDestination: number
}

export type DeliveryLoop = {
  start(): void
  /** Routes and limits of everything that is not on its way yet; name and folder stay what they were. */
  replace(settings: DeliverySettings): void
  /** Begins nothing more. Resolves when nothing is on its way, or after `graceMs`: the rest is still in the queue. */
  stop(graceMs: number): Promise<void>
  /** What the address answers to mail of Cordon's own, in words; undefined: it is not refused. */
  refusedOwn(address: string): string | undefined
}

// Far longer than a delivery can take (each server gets an hour at most, see smtp-client.ts), so that nothing is ever
// lent twice; a crash forgets all claims anyway.
const LENT_FOR = DAY
/** Recipients that are lent to us at a time: enough to find work for every free place. */
const WINDOW = 1000
/** While everything is lent. */
const LOOK_AGAIN = 10 * SECOND
/** Looks for work this often even if it is not called. */
const AT_LEAST_EVERY = MINUTE
/** A clock that goes back by more than this (ms) had been wrong. */
const SET_BACK = MINUTE

export function deliveryLoop(parts: DeliveryParts): DeliveryLoop {
  return new Loop(parts)
}

class Loop implements DeliveryLoop {
  readonly #parts: DeliveryParts
  readonly #works: UnderWay
  readonly #trips: Trips
  readonly #pool: ReturnType<typeof smtpPool>
  readonly #writer: OutcomeWriter
  readonly #ownRefusals = ownRefusals()
  /** Recipients. */
  #lent = 0
  #stopped = true
  #looking = false
  #again = false
  /** By the clock as it went then. */
  #lookedAt = Infinity
  #timer: NodeJS.Timeout | undefined

  constructor(parts: DeliveryParts) {
    const { spool, clock, trouble, settings, report, hide, tell } = parts
    this.#parts = parts
    this.#pool = smtpPool(settings.ourName, settings.tell)
    this.#works = underWay(trouble)
    const isStopped = () => this.#stopped
    this.#writer = outcomeWriter({
      spool,
      clock,
      trouble,
      isStopped,
      settlement: {
        spool,
        report,
        hide,
        tell,
        alarm: listingAlarm(report),
        ownMail: ownMailAlarm(report),
        ownRefusals: this.#ownRefusals,
        mailboxGone: mailboxGoneAlarm(report),
      },
      returned: ({ recipients }) => {
        this.#lent -= recipients.length
        void this.#look()
      },
    })
    this.#trips = new Trips(
      {
        recipients: parts.recipients,
        servers: parts.servers,
        clock,
        isStopped,
        works: this.#works,
        writer: this.#writer,
        carrier: {
          spool,
          trouble,
          pool: this.#pool,
          mailboxes: settings.mailboxes,
          senderAway: parts.senderAway ?? (async claim => claim.sender),
          reported: parts.reported,
          seal: parts.seal ?? (async () => ''),
        },
      },
      settings,
    )
    spool.onDue(flushed => {
      if (flushed) this.#trips.forgive()
      void this.#look()
    })
  }

  start(): void {
    this.#stopped = false
    void this.#look()
  }

  refusedOwn(address: string): string | undefined {
    return this.#ownRefusals.of(address, this.#parts.clock.now())
  }

  replace(settings: DeliverySettings): void {
    this.#trips.replace(settings)
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#works.settled(graceMs)
    this.#pool.close()
  }

  async #look(): Promise<void> {
    if (this.#stopped) return
    // Half a window at least: asking for every single recipient would be a question for every answer.
    if (this.#looking || this.#lent > WINDOW / 2) {
      this.#again = true
      if (this.#looking) return
      this.#trips.makeRoom()
      return this.#sleep(LOOK_AGAIN)
    }
    this.#looking = true
    this.#again = false
    try {
      await this.#bringBack()
      if ((await this.#claim()) === 0) await this.#sleepUntilDue()
    } catch (error) {
      // The queue was closed while it was asked.
      if (this.#hasStopped()) return
      this.#parts.trouble(error, 'looking for mail to deliver')
      this.#sleep(AT_LEAST_EVERY)
    } finally {
      this.#looking = false
    }
    if (this.#again) void this.#look()
  }

  /** Mail that waits for a time which only a clock knows that ran ahead, and was set right now or before the start. */
  async #bringBack(): Promise<void> {
    const { spool, clock, trouble } = this.#parts
    const now = clock.now()
    const isSetBack = this.#lookedAt - now > SET_BACK
    this.#lookedAt = now
    if (!isSetBack) return
    await spool.flush(now, now + LONGEST_RETRY).catch(error => {
      this.#lookedAt = Infinity
      trouble(error, 'bringing back mail that waits too long')
    })
  }

  /** How many messages there were. */
  async #claim(): Promise<number> {
    const { spool, clock } = this.#parts
    const claims = await spool.claim(clock.now(), WINDOW - this.#lent, LENT_FOR)
    for (const claim of claims) {
      this.#lent += claim.recipients.length
      const taken = this.#trips.take(claim).catch(error => this.#writer.lose(claim, error))
      this.#works.watch(taken)
    }
    return claims.length
  }

  #hasStopped(): boolean {
    return this.#stopped
  }

  async #sleepUntilDue(): Promise<void> {
    const { spool, clock } = this.#parts
    const due = await spool.nextDue(clock.now())
    this.#sleep(due === undefined ? AT_LEAST_EVERY : Math.min(AT_LEAST_EVERY, due - clock.now()))
  }

  #sleep(ms: number): void {
    clearTimeout(this.#timer)
    // The queue may have been asked before the stop, and have answered after it.
    if (this.#stopped) return
    const real = Math.max(10, Math.ceil(this.#parts.clock.real(ms)))
    this.#timer = setTimeout(() => void this.#look(), real)
  }
}
