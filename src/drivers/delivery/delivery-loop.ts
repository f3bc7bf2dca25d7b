// Takes what is due out of the spool and brings it where it belongs, many at once, few to the same place. What
// became of each recipient goes back into the spool, and to whoever wants to know.

import { classifyReply } from '../../mail/reply-class.ts'
import type { FailedRecipient } from '../../mail/dsn.ts'
import { DAY, HOUR, MINUTE } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Recipients } from '../../ports/recipients.ts'
import type { Resolver } from '../../ports/resolver.ts'
import type { Claim, Settlement, Spool } from '../../ports/spool.ts'
import { deliverToMaildir } from './maildir.ts'
import { type Hop, type Route, type RouteSettings, routeOf } from './routes.ts'
import { type Reply, sendTo } from './smtp-client.ts'

export type DeliveryParts = {
  readonly spool: Spool
  readonly recipients: Recipients
  readonly resolver: Resolver
  readonly clock: Clock
  readonly settings: RouteSettings & {
    readonly ourName: string
    readonly mailboxes: string
    readonly atOnce: number
  }
  readonly report: (event: NewEvent) => void
  /** A correspondent's address as it may stand in the journal. */
  readonly hide: (address: string) => string
  /** Tells the sender; resolves when that is durable. */
  readonly bounce: (claim: Claim, failed: readonly FailedRecipient[]) => Promise<void>
  readonly trouble: (error: unknown, about: string) => void
}

export type DeliveryLoop = {
  start(): void /** Resolves when nothing is on its way. */
  stop(): Promise<void>
}

// Far longer than a delivery can take (each server gets an hour at most, see smtp-client.ts), so that nothing is ever
// lent twice; a crash forgets all leases anyway.
const LEASE = DAY
/** When to try again, by number of attempts so far; then every four hours (RFC 5321 §4.5.4.1). */
const RETRY: readonly [number, ...number[]] = [
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  40 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
]
/** Looks for work this often even if nobody calls. */
const AT_LEAST_EVERY = MINUTE

type Recipient = Claim['recipients'][number]

export function deliveryLoop(parts: DeliveryParts): DeliveryLoop {
  const { spool, clock, settings } = parts
  const underWay = new Set<Promise<void>>()
  let stopped = true
  let looking = false
  let again = false
  let timer: NodeJS.Timeout | undefined

  const look = async (): Promise<void> => {
    if (stopped) return
    if (looking || underWay.size >= settings.atOnce) {
      again = true
      return
    }
    looking = true
    again = false
    try {
      const claims = await spool.claim(clock.now(), settings.atOnce - underWay.size, LEASE)
      for (const claim of claims) begin(claim)
      if (claims.length === 0) await sleepUntilDue()
    } catch (error) {
      parts.trouble(error, 'looking for mail to deliver')
      sleep(AT_LEAST_EVERY)
    } finally {
      looking = false
    }
    if (again) void look()
  }
  const begin = (claim: Claim) => {
    const work: Promise<void> = deliver(parts, claim)
      .catch(error => {
        parts.trouble(error, `delivering ${claim.message}`)
        return giveBack(claim)
      })
      .finally(() => {
        underWay.delete(work)
        void look()
      })
    underWay.add(work)
  }
  /** Something of ours failed: tried again soon. Recipients that were settled before it did are gone already. */
  const giveBack = (claim: Claim) =>
    spool
      .settle(
        claim.recipients.map(({ id }) => ({
          recipient: id,
          outcome: 'retry',
          nextTry: clock.now() + RETRY[0],
        })),
      )
      .catch(error => parts.trouble(error, `giving back ${claim.message}`))
  const sleepUntilDue = async () => {
    const due = await spool.nextDue(clock.now())
    sleep(due === undefined ? AT_LEAST_EVERY : Math.min(AT_LEAST_EVERY, due - clock.now()))
  }
  const sleep = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), Math.max(10, Math.ceil(clock.real(ms))))
  }

  spool.onDue(() => void look())
  return {
    start: () => {
      stopped = false
      void look()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await Promise.all(underWay)
    },
  }
}

/** All recipients of a claim: grouped by where they go, settled together. */
async function deliver(parts: DeliveryParts, claim: Claim): Promise<void> {
  const groups = new Map<string, { route: Route; recipients: Recipient[] }>()
  for (const recipient of claim.recipients) {
    const route = await routeOf(recipient.address, parts)
    const key =
      route.kind === 'hops' ? JSON.stringify(route.hops) : `${route.kind} ${recipient.address}`
    const group = groups.get(key) ?? { route, recipients: [] }
    group.recipients.push(recipient)
    groups.set(key, group)
  }
  for (const { route, recipients } of groups.values()) {
    const { replies, relay } = await carry(parts, claim, { route, recipients })
    await settle(parts, claim, { recipients, replies, relay })
  }
}

type Group = { readonly route: Route; readonly recipients: readonly Recipient[] }

async function carry(
  parts: DeliveryParts,
  claim: Claim,
  { route, recipients }: Group,
): Promise<{ replies: ReadonlyMap<string, Reply>; relay: string }> {
  const all = (reply: Reply) => new Map(recipients.map(one => [one.address, reply]))
  if (route.kind === 'nowhere') {
    return {
      replies: all({ code: route.permanent ? 550 : 450, text: `${route.status} ${route.why}` }),
      relay: 'none',
    }
  }
  if (route.kind === 'mailbox')
    return {
      replies: await store(parts, claim, {
        mailbox: route.name,
        recipient: recipients[0]?.address ?? route.name,
      }),
      relay: 'maildir',
    }
  let last: { replies: ReadonlyMap<string, Reply>; relay: string } = {
    replies: new Map(),
    relay: 'none',
  }
  for (const hop of route.hops) {
    last = { replies: await send(parts, claim, hop, recipients), relay: `${hop.host}:${hop.port}` }
    // Only when nobody answered at all is the next exchanger asked.
    if ([...last.replies.values()].some(reply => reply.code !== 0)) break
  }
  return last
}

async function store(
  parts: DeliveryParts,
  claim: Claim,
  to: { readonly mailbox: string; readonly recipient: string },
): Promise<ReadonlyMap<string, Reply>> {
  try {
    const body = await parts.spool.body(claim.message)
    await deliverToMaildir({ ...to, folder: parts.settings.mailboxes, sender: claim.sender, body })
    return new Map([[to.recipient, { code: 250, text: 'stored' }]])
  } catch (error) {
    parts.trouble(error, `mailbox ${to.mailbox}`)
    return new Map([
      [to.recipient, { code: 451, text: '4.3.0 the mailbox cannot be written just now' }],
    ])
  }
}

async function send(
  parts: DeliveryParts,
  claim: Claim,
  hop: Hop,
  recipients: readonly Recipient[],
) {
  const body = await parts.spool.body(claim.message)
  return sendTo(hop, {
    ourName: parts.settings.ourName,
    sender: claim.sender,
    recipients: recipients.map(one => one.address),
    size: claim.size + claim.headers.length,
    body,
  })
}

type Outcome = {
  readonly recipients: readonly Recipient[]
  readonly replies: ReadonlyMap<string, Reply>
  readonly relay: string
}

async function settle(parts: DeliveryParts, claim: Claim, outcome: Outcome): Promise<void> {
  const now = parts.clock.now()
  const failed: FailedRecipient[] = []
  const results = outcome.recipients.map((recipient): Settlement => {
    const reply = outcome.replies.get(recipient.address) ?? { code: 0, text: 'no answer' }
    const about = {
      at: now,
      message: claim.message,
      recipient: parts.hide(recipient.address),
      relay: outcome.relay,
    }
    const who = claim.login === undefined ? {} : { login: claim.login }
    if (reply.code >= 200 && reply.code < 400) {
      parts.report({ kind: 'delivery-done', ...about, ...who })
      return { recipient: recipient.id, outcome: 'done' }
    }
    const answer =
      reply.code === 0 ? reply.text : `${reply.code} ${reply.text.replace(/^\d{3}[ -]/, '')}`
    const expired = now >= claim.expires
    const permanent = reply.code >= 500 || expired
    const result = classifyReply(reply.code, reply.text)
    const facts = claim.facts ? { facts: claim.facts } : {}
    parts.report({
      kind: 'delivery-failed',
      ...about,
      ...who,
      ...facts,
      permanent,
      result,
      code: reply.code,
    })
    if (!permanent) {
      const delay = RETRY[Math.min(recipient.attempts, RETRY.length - 1)] as number
      return { recipient: recipient.id, outcome: 'retry', nextTry: now + delay, answer }
    }
    failed.push({
      address: recipient.address,
      status:
        reply.code >= 500 ? (/\b5\.\d{1,3}\.\d{1,3}\b/.exec(reply.text)?.[0] ?? '5.0.0') : '5.4.7',
      answer:
        expired && reply.code < 500
          ? `given up after trying for days; last answer: ${answer}`
          : answer,
      relay: outcome.relay,
    })
    return { recipient: recipient.id, outcome: 'failed', answer, result }
  })
  // First the sender is told, then the recipient is struck off: a crash in between tells twice, never not at all.
  if (failed.length > 0) await parts.bounce(claim, failed)
  await parts.spool.settle(results)
}
