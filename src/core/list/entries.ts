// Which addresses of a customer stand on the list that others may ask, by what is decided about the line and by the leases that it has
// now. Never an address that several customers share, that is in doubt, or that is this machine's own (RFC 6471 §2: a list names what it is
// sure of). Pure.

import type { Decision } from '../../model/decision.ts'
import { isLine, subjectName } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import { parsePrefix } from '../../model/ip.ts'
import type { Holder, Lease } from '../../model/lease.ts'
import { LIST_CODES } from '../../model/list-code.ts'
import { NO_NETWORKS, PRIVATE_NETWORKS, touching } from '../../model/special-networks.ts'
import { desired, type Household } from '../isolation/desired.ts'

export type ListedHousehold = Household & {
  /** The open case of the line. */
  readonly incident?: Incident | undefined
  /** Whose an address is now. */
  readonly holder: (realm: string, address: string) => Holder
  /** The one address space that the list is about: `list.realm`, main by default. */
  readonly realm: string
  /** `list.privateAddresses`, false by default: all who ask are in the same network. */
  readonly privateAddresses?: boolean
  readonly at: number
}

export type ListEntry = {
  /** Canonical text of the lease. */
  readonly prefix: string
  readonly code: number
  readonly incident: string
  /** ms: when it was decided. */
  readonly since: number
}

export type HouseholdEntries = {
  readonly listed: readonly ListEntry[]
  /** Prefixes that may have mail servers behind them: not on the list of consumers. */
  readonly exempt: readonly string[]
  /** When to look again, because a decision ends then or a lease is settled. */
  readonly again?: number
}

/** A lease that has just begun is settled after the difference that clocks may have; looked at again so often, ms. */
const SETTLES = 1000

export function entriesOf(household: ListedHousehold): HouseholdEntries {
  const { leases, realm, at, holder, privateAddresses = false } = household
  const told = leases.filter(
    one => one.realm === realm && one.to === undefined && isListable(one, privateAddresses),
  )
  const sure = told.filter(one => isSure(one, holder))
  const strongest = listedBy(household)
  const ends = strongest ? [strongest.decision.until] : []
  const settling = strongest && sure.length < told.length ? [at + SETTLES] : []
  const again = Math.min(...ends, ...settling)
  return {
    listed: strongest
      ? sure.map(({ prefix }) => ({
          prefix,
          code: strongest.code,
          incident: strongest.decision.incident,
          since: strongest.decision.at,
        }))
      : [],
    exempt: exemptOf(household),
    ...(Number.isFinite(again) ? { again } : {}),
  }
}

/** All ports of it are this line's, and no other session claims it. */
const isListable = (lease: Lease, privateAddresses: boolean): boolean => {
  const prefix = parsePrefix(lease.prefix)
  return (
    lease.ports === undefined &&
    lease.inside === undefined &&
    lease.doubtFrom === undefined &&
    prefix !== undefined &&
    !isNoHost(prefix) &&
    (privateAddresses || !isPrivate(prefix))
  )
}

const isSure = ({ realm, prefix, subscriber }: Lease, holder: ListedHousehold['holder']) => {
  const { sure, subscriber: held } = holder(realm, prefix.slice(0, prefix.indexOf('/')))
  return sure === 'certain' && held === subscriber
}

/** RFC 5782 §5: 127.0.0.1 is never listed. */
const isNoHost = touching(NO_NETWORKS)
const isPrivate = touching(PRIVATE_NETWORKS)

/** The decision that lists a line, and as what; staff suspend for many reasons, so there must have been evidence. */
function listedBy({ inForce, subscriber, incident, at }: ListedHousehold) {
  const mine = inForce.filter(
    ({ subject, until }) => isLine(subject) && subjectName(subject) === subscriber.id && until > at,
  )
  const seen = (decision: Decision) =>
    decision.by === 'evidence' || (incident?.id === decision.incident && incident.kinds.length > 0)
  const isolated = mine.find(one => one.kind === 'isolate' || (one.kind === 'suspend' && seen(one)))
  if (isolated) return { decision: isolated, code: LIST_CODES.isolated }
  const redirected = mine.find(one => one.kind === 'redirect-25')
  return redirected ? { decision: redirected, code: LIST_CODES.infected } : undefined
}

/** Where port 25 is open, mail servers may be. */
function exemptOf({ realm, ...household }: ListedHousehold): readonly string[] {
  const { plan } = household.subscriber
  const prefixes =
    plan === 'business' || plan === 'site'
      ? household.leases.filter(one => one.doubtFrom === undefined)
      : desired(household).filter(({ state }) => state === 'open' || state === 'named')
  return prefixes
    .filter(one => one.realm === realm && one.ports === undefined)
    .map(({ prefix }) => prefix)
}
