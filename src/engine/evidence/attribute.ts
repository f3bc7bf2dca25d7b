// Turns a client's address and login into a subscriber, with the decisions in force against it.

import { subjectsOf } from '../../core/detection/weigh.ts'
import type { Decision, DecisionKind } from '../../model/decision.ts'
import type { Holder, Who } from '../../model/lease.ts'
import { foldAddress } from '../../model/mail-address.ts'
import { lineOf, loginOf, type Subject } from '../../model/evidence.ts'
import type { AttributedStep, Client, Step } from '../../model/step.ts'
import type { Login } from '../../model/subscriber.ts'
import { awayOf } from './episode-facts.ts'
import type { Writable } from '../../model/writable.ts'
import type { Leases } from '../../ports/leases.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

export type Attribution = {
  readonly leases: Pick<Leases, 'holder' | 'holderAt'>
  readonly subscribers: Subscribers
  readonly cases: Pick<Cases, 'inForce'>
}

const NONE: readonly Decision[] = Object.freeze([])
const NOTHING: readonly DecisionKind[] = Object.freeze([])

/** The line by lease, the login as given. A shared address without a usable port stays ambiguous. */
export function whoIs(
  parts: Pick<Attribution, 'leases'>,
  client: Client,
  login: string | undefined,
): Who {
  const { realm, address, port } = client
  const holder = holderOf(parts, client)
  const who: Writable<Who> = { realm, address, port, sure: holder.sure }
  if (holder.subscriber !== undefined) who.subscriber = holder.subscriber
  if (login !== undefined) who.login = login
  if (client.crowd) who.crowd = true
  return who
}

const AMBIGUOUS: Holder = { sure: 'ambiguous' }

function holderOf(
  { leases }: Pick<Attribution, 'leases'>,
  { realm, address, port, then }: Client,
): Holder {
  if (then === undefined) return leases.holder(realm, address, port)
  return then === 'unknown' ? AMBIGUOUS : leases.holderAt(realm, address, port, then)
}

/** The subjects whose sums a client's events go into: the line, and the login. */
export function subjectsOfClient(
  { subscribers }: Pick<Attribution, 'subscribers'>,
  who: Who,
): Subject[] {
  return subjectsOf(who, who.login === undefined ? undefined : subscribers.byLogin(who.login)?.id)
}

export function attribute(parts: Attribution, step: Step): AttributedStep {
  const who = whoIs(parts, step.client, step.login)
  const owner = step.login === undefined ? undefined : parts.subscribers.byLogin(step.login)
  const login = owner?.logins.find(one => one.name === step.login)
  const plan = (
    owner ?? (who.subscriber === undefined ? undefined : parts.subscribers.get(who.subscriber))
  )?.plan
  const onLine = who.subscriber === undefined ? NONE : parts.cases.inForce(lineOf(who.subscriber))
  const onLogin = step.login === undefined ? NONE : parts.cases.inForce(loginOf(step.login))
  const inForce =
    onLine.length + onLogin.length === 0
      ? NOTHING
      : [...onLine, ...onLogin].map(decision => decision.kind)
  const attributed: Writable<AttributedStep> = { ...step, who, inForce }
  if (plan) attributed.plan = plan
  if (isRefusedHere(parts, who, onLogin)) attributed.refusedHere = true
  if (login)
    attributed.addresses = ownedBy(parts, login, step.sender === undefined ? [] : [step.sender])
  return attributed
}

/** By a decision on the login, away from its own line. */
function isRefusedHere(
  parts: Pick<Attribution, 'subscribers'>,
  who: Who,
  onLogin: readonly Decision[],
): boolean {
  if (!onLogin.some(({ byWindow }) => byWindow && byWindow.refuses.length > 0)) return false
  const network = awayOf(who, subjectsOfClient(parts, who))?.network
  return (
    network !== undefined && onLogin.some(({ byWindow }) => byWindow?.refuses.includes(network))
  )
}

/** Addresses that this login may send as; of the `used` ones, also those that are its own up to a delimiter (`anna+shop@`). */
export function ownedBy(
  { subscribers }: Pick<Attribution, 'subscribers'>,
  { name, addresses }: Login,
  used: readonly string[],
): readonly string[] {
  // Nearly all mail is sent as an address that is written as we write it.
  if (used.every(one => addresses.includes(one))) return addresses
  const more = used
    .map(foldAddress)
    .filter(one => !addresses.includes(one) && subscribers.loginOf(one)?.name === name)
  return more.length === 0 ? addresses : [...addresses, ...more]
}
