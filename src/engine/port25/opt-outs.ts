// Opt-outs of port 25: requested with a second factor, confirmed with the code of a letter from the customer's own line, and
// open within the second. Every refusal says why, and what to do next.

import {
  CONFIRM_EVERY,
  MAX_WRONG,
  PROOF_FOR,
  quietUntil,
  whyNot,
} from '../../core/isolation/opt-out.ts'
import { codeProof, isCode } from '../../mail/one-time-code.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { OptOut, OptOutEndedBy } from '../../model/opt-out.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Names } from '../../ports/names.ts'
import type { OwnedRecords } from '../../ports/records.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { looked, mayTouch, type OwnersOutcome, theirOwn } from '../orders/may-touch.ts'
import {
  checkFactor,
  type CheckParts,
  checkServer,
  fromElsewhere,
  resolveAll,
} from './opt-out-checks.ts'
import { day, optOutLetter, summary } from '../letters/opt-out-letters.ts'
import type { NotifyParts } from '../letters/notify.ts'
import { done, refused } from '../orders/outcome.ts'
import type { Reporter } from '../evidence/report.ts'

export type OptOutParts = CheckParts & {
  readonly subscribers: Subscribers
  readonly cases: Pick<Cases, 'incidents'>
  readonly names: Names
  readonly reporter: Pick<Reporter, 'note'>
  readonly optOuts: OwnedRecords<OptOut>
  readonly secret: string
  readonly notifier: NotifyParts
  /** New sessions an hour on port 25 that the customer agrees to: `nftables[].expertRate`, 600 by default, 1 to 1000000. */
  readonly expertRate: number
  /** Applies the decisions for one customer to the network. */
  readonly reconcile: (subscriber: string) => Promise<void>
  /** Posts the news to the operator's systems (billing, reverse DNS), in the background. */
  readonly tell: (what: OptOutNews) => void
}

/** `reverse-dns-wanted`: the PTR name of the address should become that of the customer's server. */
export type OptOutNews = {
  readonly news: 'opened' | 'ended' | 'reverse-dns-wanted'
  readonly at: number
  readonly optOut: OptOut
}

/** Forty bits, for five guesses within a day. */
const LETTERS = 8

export async function askOptOut(
  parts: OptOutParts,
  { order, actor, at }: GivenOrderOf<'ask-opt-out'>,
): Promise<OwnersOutcome> {
  const subscriber = parts.subscribers.get(actor.subscriber)
  if (!subscriber) return refused('Only a customer can ask for that, in the portal.')
  const others = parts.optOuts.of(subscriber.id)
  const { optOut: kind } = order
  const destinations = kind === 'destinations' ? cleaned(order.destinations) : []
  const serverName = order.serverName?.trim().toLowerCase()
  const incidents = await parts.cases.incidents({ subscriber: subscriber.id })
  const why = whyNot({ subscriber, kind, destinations, serverName, others, incidents, at })
  if (why !== undefined) return refused(why)
  if (subscriber.contacts.length === 0)
    return refused('We have no mail address of yours to write to. Please call us.', 'no-contact')
  const where = fromElsewhere(parts, subscriber.id, actor.from) ? 'elsewhere' : 'own'
  const factor = await checkFactor(parts, subscriber.id, order.factor, { at, where })
  if (factor) return factor
  for (const before of others) if (before.state === 'asked') await withdraw(parts, before)
  const id = parts.names.record()
  const code = parts.names.record().toUpperCase().slice(0, LETTERS)
  const asked: OptOut = {
    id,
    code: parts.names.caseCode(),
    subscriber: subscriber.id,
    kind,
    destinations,
    addresses: [],
    ...(kind === 'own-server' && serverName !== undefined ? { server: { name: serverName } } : {}),
    state: 'asked',
    askedAt: at,
    proof: codeProof(code, id, parts.secret),
  }
  await save(parts, id, () => asked, at)
  await optOutLetter(parts.notifier, asked, {
    kind: 'opt-out-code',
    at,
    proof: `${code.slice(0, 4)}-${code.slice(4)}`,
  })
  return looked(
    theirOwn(actor),
    done(
      `We have written to ${hidden(subscriber)}. Type the code of that letter here, from your own connection, within a day.`,
    ),
  )
}

export async function confirmOptOut(
  parts: OptOutParts,
  { order, actor, at }: GivenOrderOf<'confirm-opt-out'>,
): Promise<OwnersOutcome> {
  const asked = parts.optOuts.get(order.id)
  const mine = mayTouch(actor, asked)
  if (!asked?.proof || asked.state !== 'asked' || !mine)
    return refused('There is nothing to confirm. Please ask again.', 'ask-again')
  // Checked before the code: a thief with the password, on another line, must not use up the guesses.
  const away = fromElsewhere(parts, asked.subscriber, actor.from)
  if (away) return away
  if (at > asked.askedAt + PROOF_FOR || (asked.wrong ?? 0) >= MAX_WRONG) {
    await withdraw(parts, asked)
    return refused('That code is not good any more. Please ask again.', 'ask-again')
  }
  if (!isCode(order.proof, { about: asked.id, secret: parts.secret, proof: asked.proof })) {
    await parts.optOuts.change(asked.id, now =>
      now?.state === 'asked' ? { ...now, wrong: (now.wrong ?? 0) + 1 } : undefined,
    )
    return refused('That is not the code of our letter. Look at the newest one.', 'letter-code')
  }
  const checked =
    asked.kind === 'own-server' ? await checkServer(parts, asked) : await resolveAll(parts, asked)
  if ('why' in checked) return refused(checked.why, checked.code)
  // Checked last: since the first checks evidence may have ended the opt-out, or the form may have been sent twice.
  const incidents = await parts.cases.incidents({ subscriber: asked.subscriber })
  if ((quietUntil(incidents) ?? 0) > at)
    return refused(
      'Meanwhile a device behind your connection was found to send spam. Please ask again when a week has passed without.',
      'infected',
    )
  const { proof: _proof, wrong: _wrong, ...rest } = asked
  const open: OptOut = {
    ...rest,
    ...checked.found,
    state: 'open',
    openedAt: at,
    confirmBy: at + CONFIRM_EVERY,
  }
  const opened = await save(parts, open.id, now => (now?.state === 'asked' ? open : undefined), at)
  if (!opened)
    return refused('There is nothing to confirm any more. Please look again.', 'ask-again')
  await parts.reconcile(open.subscriber)
  parts.tell({ news: 'opened', at, optOut: open })
  if (open.reverseDns === 'wanted') parts.tell({ news: 'reverse-dns-wanted', at, optOut: open })
  await optOutLetter(parts.notifier, open, { kind: 'opt-out-open', at })
  const rate =
    open.kind === 'own-server' ? ` At most ${parts.expertRate} connections an hour, as agreed.` : ''
  const reverse =
    open.reverseDns === 'wanted'
      ? ` The name of your address is not ${open.server?.name} yet; we have been asked to set it.`
      : ''
  return looked(
    mine,
    done(
      `Port 25 is open: ${summary(open)}.${rate}${reverse} Confirm it again before ${day(open.confirmBy)}.`,
    ),
  )
}

export async function renewOptOut(
  parts: OptOutParts,
  { order, actor, at }: GivenOrderOf<'renew-opt-out'>,
): Promise<OwnersOutcome> {
  const optOut = parts.optOuts.get(order.id)
  const mine = mayTouch(actor, optOut)
  if (!optOut || optOut.state !== 'open' || !mine)
    return refused('There is nothing open that could be confirmed.')
  const away = fromElsewhere(parts, optOut.subscriber, actor.from)
  if (away) return away
  const factor = await checkFactor(parts, optOut.subscriber, order.factor, { at, where: 'own' })
  if (factor) return factor
  const confirmBy = at + CONFIRM_EVERY
  const renewed = (now: OptOut | undefined): OptOut | undefined => {
    if (now?.state !== 'open') return undefined
    const { remindedAt: _reminded, ...rest } = now
    return { ...rest, confirmBy }
  }
  if (!(await save(parts, optOut.id, renewed, at)))
    return refused('There is nothing open that could be confirmed.')
  return looked(mine, done(`Thank you: port 25 stays open until ${day(confirmBy)}.`))
}

export async function endOptOut(
  parts: OptOutParts,
  { order, actor, at }: GivenOrderOf<'end-opt-out'>,
): Promise<OwnersOutcome> {
  const optOut = parts.optOuts.get(order.id)
  const mine = mayTouch(actor, optOut)
  if (!optOut || optOut.state === 'ended' || !mine)
    return refused(`There is no opt-out ${order.id}.`)
  await closeOptOut(parts, optOut, { by: actor.kind === 'owner' ? 'owner' : 'staff', at })
  return looked(mine, done('Port 25 is closed again. Port 587 is open as always.'))
}

export async function reverseDnsSet(
  parts: OptOutParts,
  { order, at }: GivenOrderOf<'reverse-dns-set'>,
): Promise<OrderOutcome> {
  const saved = await save(parts, order.id, now => now && { ...now, reverseDns: 'right' }, at)
  if (!saved) return refused(`There is no opt-out ${order.id}.`)
  return done(`${saved.optOut.server?.address ?? 'Its address'} has its name.`)
}

/** Ends an opt-out; `by` says what ended it. The network is changed before the record. */
export async function closeOptOut(
  parts: OptOutParts,
  optOut: OptOut,
  { by, at }: { readonly by: OptOutEndedBy; readonly at: number },
): Promise<void> {
  const end = (now: OptOut | undefined): OptOut | undefined =>
    now && now.state !== 'ended' ? { ...now, state: 'ended', endedAt: at, endedBy: by } : undefined
  const saved = await save(parts, optOut.id, end, at)
  if (saved?.before !== 'open') return
  const ended = saved.optOut
  await parts.reconcile(ended.subscriber)
  parts.tell({ news: 'ended', at, optOut: ended })
  await optOutLetter(parts.notifier, ended, { kind: 'opt-out-ended', at })
}

/** A finding ends the opt-outs of a customer. */
export async function takeAwayOptOuts(
  parts: OptOutParts,
  subscriber: string,
  at: number,
): Promise<void> {
  for (const optOut of parts.optOuts.of(subscriber))
    if (optOut.state !== 'ended') await closeOptOut(parts, optOut, { by: 'finding', at })
}

/** Deletes a request that was not confirmed. */
const withdraw = ({ optOuts }: Pick<OptOutParts, 'optOuts'>, { id }: OptOut) =>
  optOuts.change(id, now => (now?.state === 'asked' ? 'gone' : undefined))

/** Undefined when there was nothing to change; `before` is the state in which it was changed. */
export async function save(
  { optOuts, reporter }: Pick<OptOutParts, 'optOuts' | 'reporter'>,
  id: string,
  make: (now: OptOut | undefined) => OptOut | undefined,
  at: number,
): Promise<{ readonly optOut: OptOut; readonly before: OptOut['state'] | undefined } | undefined> {
  let before: OptOut['state'] | undefined
  const optOut = await optOuts.change(id, now => {
    before = now?.state
    return make(now)
  })
  if (!optOut) return undefined
  const saved = { optOut, before }
  if (before === optOut.state) return saved
  reporter.note({
    kind: 'opt-out-changed',
    at,
    subscriber: optOut.subscriber,
    optOut: optOut.id,
    optOutKind: optOut.kind,
    state: optOut.state,
    destinations: optOut.addresses,
    ...(optOut.endedBy === undefined ? {} : { endedBy: optOut.endedBy }),
  })
  return saved
}

const cleaned = (given: readonly string[]): string[] => [
  ...new Set(given.map(one => one.trim().toLowerCase()).filter(one => one !== '')),
]

/** The address with most of it hidden: its owner recognises it. */
function hidden({ contacts }: Subscriber): string {
  const [contact = ''] = contacts
  return `${contact.slice(0, 1)}…@${domainOf(contact)}`
}
