// A real spool and a real delivery loop in a temporary folder, for tests of what happens on the way out.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scaledClock } from '../../src/drivers/clock/clocks.ts'
import { type DeliveryParts, deliveryLoop } from '../../src/drivers/delivery/delivery-loop.ts'
import { mailServers, type MailServersParts } from '../../src/drivers/delivery/mail-servers.ts'
import type { SignedMailDns } from '../../src/drivers/lookups/signed-mail-dns.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import type { Reported } from '../../src/mail/dsn.ts'
import { DAY } from '../../src/model/duration.ts'
import type { NewEvent } from '../../src/model/event.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Claim, Spool, SpooledMessage } from '../../src/ports/spool.ts'

export type Delivering = {
  readonly spool: Spool
  readonly events: readonly NewEvent[]
  /** What the sender was told. */
  readonly told: readonly (Reported & { readonly message: string })[]
  /** Queues one message; `rest` replaces what the usual one would have. */
  put(to: readonly string[], rest?: Partial<SpooledMessage>, body?: string): Promise<void>
  /** What an address answers to mail of Cordon's own. */
  refusedOwn(address: string): string | undefined
  end(): Promise<void>
}

export type DeliveringOptions = {
  readonly settings: Partial<DeliveryParts['settings']>
  readonly resolver?: MailServersParts['resolver']
  /** A resolver that validates. */
  readonly signed?: SignedMailDns
  readonly recipients?: DeliveryParts['recipients']
  /** Puts something between the loop and the queue. */
  readonly meddle?: (spool: Spool) => Spool
  /** Where trouble inside is told; nowhere else there may be any. */
  readonly trouble?: DeliveryParts['trouble']
  /** How many times as fast as real time. */
  readonly scale?: number
  /** Instead of one of that pace. */
  readonly clock?: Clock
  /** Gets its folder before anything is delivered. */
  readonly furnish?: (folder: string) => void
}

const NO_DNS = {
  mx: async () => ({ value: [] }),
  addresses: async () => ({ value: [] }),
} satisfies MailServersParts['resolver']

export async function delivering(options: DeliveringOptions): Promise<Delivering> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-delivery-'))
  options.furnish?.(folder)
  const spool = await openSpool({ folder: join(folder, 'spool') })
  const clock = options.clock ?? scaledClock(options.scale ?? 1)
  const events: NewEvent[] = []
  const told: (Reported & { message: string })[] = []
  const loop = deliveryLoop({
    spool: options.meddle?.(spool) ?? spool,
    clock,
    recipients: options.recipients ?? {
      isLocal: () => false,
      isOurs: () => false,
      find: async () => undefined,
    },
    servers: mailServers({
      resolver: options.resolver ?? NO_DNS,
      signed: () => options.signed,
      sts: async () => undefined,
      port: options.settings.exchangerPort ?? 25,
    }),
    settings: {
      routes: {},
      ourName: 'mail.isp.example',
      mailboxes: join(folder, 'mailboxes'),
      atOnce: 20,
      perDestination: 5,
      ...options.settings,
    },
    report: event => void events.push(event),
    hide: address => address,
    tell: async (claim: Claim, reported) =>
      void told.push(...reported.map(one => ({ ...one, message: claim.message }))),
    trouble:
      options.trouble ??
      (error => {
        throw error
      }),
  })
  loop.start()
  let count = 0
  return {
    spool,
    events,
    told,
    put: async (to, rest = {}, body = 'Subject: x\r\n\r\nhello\r\n') => {
      const at = clock.now()
      const draft = spool.open()
      await draft.write(Buffer.from(body))
      await draft.commit({
        message: `m${++count}`,
        at,
        sender: 'anna@isp.example',
        login: 'anna@isp.example',
        expires: at + 5 * DAY,
        headers: '',
        subject: 'x',
        nats: 0,
        bounceable: true,
        recipients: to.map(address => ({ address, state: 'queued', due: at })),
        ...rest,
      })
    },
    refusedOwn: address => loop.refusedOwn(address),
    end: async () => {
      await loop.stop(1000)
      await spool.close()
      rmSync(folder, { recursive: true })
    },
  }
}
