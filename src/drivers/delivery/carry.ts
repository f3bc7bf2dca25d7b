// Makes one trip: to a Maildir, to a mailbox store, or to one of several servers. Says what each answered.

import { domainOf } from '../../model/mail-address.ts'
import { JUNK } from '../../mail/junk.ts'
import { isReportMailbox } from '../../model/role-mailbox.ts'
import type { Claim, Spool } from '../../ports/spool.ts'
import type { Job, Outcome } from './job.ts'
import { deliverToMaildir } from './maildir.ts'
import type { Hop } from './hop.ts'
import type { Route } from './routes.ts'
import { forAll, type Sent } from './smtp-client.ts'
import type { Reply } from './sending.ts'
import type { SmtpPool } from './smtp-pool.ts'

export type CarryParts = {
  readonly spool: Pick<Spool, 'body'>
  readonly pool: Pick<SmtpPool, 'send'>
  /** Folder of the Maildirs. */
  readonly mailboxes: string
  /** The sender a message goes out with: one of ours where it is only forwarded. */
  readonly senderAway: (claim: Claim) => Promise<string>
  /** Lines that go in front of it there: a seal where it is only forwarded, otherwise none. */
  readonly seal: (claim: Claim) => Promise<string>
  /** Of a mailbox for reports of abuse: what is stored there is read before; it may come twice. */
  readonly reported?: ((claim: Claim) => Promise<void>) | undefined
  readonly trouble: (error: unknown, about: string) => void
}

/** Rejects only when something of ours is broken. */
export async function carry(parts: CarryParts, job: Job): Promise<Outcome> {
  const { route } = job
  switch (route.kind) {
    case 'nowhere': {
      if (job.claim.esmtp?.tlsOptional && route.hops?.length)
        return toServers(parts, job, route.hops)
      const reply = { code: route.permanent ? 550 : 450, text: `${route.status} ${route.why}` }
      return outcome({ replies: toAll(job, reply), relay: 'none' })
    }
    case 'mailbox':
      return (await unreadReport(parts, job, route.name)) ?? toMailbox(parts, job, route)
    case 'hops':
      return toServers(parts, job, route.hops)
    default:
      return route satisfies never
  }
}

/** From outside and on to outside: without a login or a customer, and with a sender that is not ours. */
export function isForwarded(claim: Claim, isLocal: (domain: string) => boolean): boolean {
  const ours = claim.login !== undefined || claim.subscriber !== undefined
  return !ours && claim.sender !== '' && !isLocal(domainOf(claim.sender))
}

async function toServers(parts: CarryParts, job: Job, given: readonly Hop[]): Promise<Outcome> {
  // RFC 8689 §4.2.1: with REQUIRETLS only servers that the operator, DNSSEC or MTA-STS vouches for.
  const { requireTls, tlsOptional } = job.claim.esmtp ?? {}
  const asked = tlsOptional ? given.map(inAnyCase) : given
  const hops = requireTls ? asked.filter(isVerified) : asked
  if (hops.length === 0) {
    const reply = { code: 550, text: '5.7.30 no server on the way can be verified' }
    return outcome({ replies: toAll(job, reply), relay: 'none' })
  }
  const [seal, sender] = [await parts.seal(job.claim), await parts.senderAway(job.claim)]
  const tried: { readonly sent: Sent; readonly relay: string }[] = []
  for (const hop of hops) {
    const sent = await parts.pool.send(hop, {
      ...sending(parts, job, seal),
      sender,
      recipients: job.recipients.map(one => one.address),
    })
    tried.push({ sent, relay: `${hop.serverName ?? hop.host}:${hop.port}` })
    if (!sent.unreached) break
  }
  const last = tried.at(-1)
  // Of several that were tried in vain, the one that could have been reached has more to say than one that is away.
  const told = last?.sent.unreached ? (tried.find(one => one.sent.unsafe) ?? last) : last
  if (!told) throw new Error('a route without a server')
  return outcome({ replies: told.sent.replies, relay: told.relay, sent: told.sent })
}

/** RFC 8689 §5: a server that the operator wrote down keeps what is written. */
function inAnyCase(hop: Hop): Hop {
  if (!hop.reported) return hop
  const { dane: _dane, asked: _asked, reported: _reported, ...rest } = hop
  return { ...rest, tls: 'opportunistic' }
}

const isVerified = (hop: Hop): boolean => hop.tls === 'verified' || hop.dane !== undefined

const toMailbox = (
  parts: CarryParts,
  job: Job,
  route: Extract<Route, { kind: 'mailbox' }>,
): Promise<Outcome> =>
  route.hop
    ? toStore(parts, job, { name: route.name, hop: route.hop })
    : toMaildir(parts, job, route)

/** A report is written down before its mail is stored and leaves the queue; undefined when there is nothing more to do about it. */
async function unreadReport(
  { reported, trouble }: CarryParts,
  job: Job,
  mailbox: string,
): Promise<Outcome | undefined> {
  if (!reported || !isReportMailbox(mailbox)) return undefined
  try {
    await reported(job.claim)
    return undefined
  } catch (error) {
    trouble(error, `report of abuse ${job.claim.message}`)
    const reply = { code: 451, text: '4.3.0 the report cannot be written down just now' }
    return outcome({ replies: toAll(job, reply), relay: 'none' })
  }
}

async function toStore(
  parts: CarryParts,
  job: Job,
  to: { readonly name: string; readonly hop: Hop },
): Promise<Outcome> {
  // The store knows mailboxes by their own names, not by the aliases mail was sent to.
  const sent = await parts.pool.send(to.hop, { ...sending(parts, job), recipients: [to.name] })
  const reply = sent.replies.get(to.name) ?? { code: 0, text: 'no answer' }
  const relay = to.hop.socket ?? to.hop.host
  return outcome({ replies: toAll(job, reply), relay, sent, final: true })
}

async function toMaildir(
  parts: CarryParts,
  job: Job,
  route: Extract<Route, { kind: 'mailbox' }>,
): Promise<Outcome> {
  const recipient = job.recipients[0]?.address ?? route.name
  try {
    await deliverToMaildir({
      folder: parts.mailboxes,
      mailbox: route.name,
      ...(job.claim.headers.startsWith(JUNK) ? { within: 'Junk' } : {}),
      sender: job.claim.sender,
      recipient,
      body: await parts.spool.body(job.claim.message),
    })
    const reply = { code: 250, text: '2.0.0 stored' }
    return outcome({ replies: toAll(job, reply), relay: 'maildir', final: true })
  } catch (error) {
    parts.trouble(error, `mailbox ${route.name}`)
    const reply = { code: 451, text: '4.3.0 the mailbox cannot be written just now' }
    return outcome({ replies: toAll(job, reply), relay: 'maildir' })
  }
}

function sending(parts: CarryParts, { claim, recipients }: Job, front = '') {
  const size = claim.size + claim.headers.length
  const body = () => parts.spool.body(claim.message)
  return {
    sender: claim.sender,
    size: front.length + size,
    esmtp: claim.esmtp ?? {},
    recipientEsmtp: recipients[0]?.esmtp ?? {},
    body: async () => behind(front, await body()),
    ...(front === '' ? {} : { unsealed: { size, body } }),
  }
}

async function* behind(front: string, body: AsyncIterable<Uint8Array>) {
  if (front !== '') yield Buffer.from(front)
  yield* body
}

const toAll = (job: Job, reply: Reply) =>
  forAll(
    job.recipients.map(one => one.address),
    reply,
  )

function outcome(found: {
  readonly replies: ReadonlyMap<string, Reply>
  readonly relay: string
  readonly sent?: Sent
  readonly final?: boolean
}): Outcome {
  return {
    replies: found.replies,
    relay: found.relay,
    final: found.final ?? false,
    reports: found.sent?.reports ?? false,
    answered: !found.sent?.unreached,
  }
}
