// What a NAT's log says of blocks of ports, as leases of parts of its outside addresses. Only a line that does not
// fit shows that one is missing: a block given while another home has it, taken from a home that does not have it, or of an unknown home.
// Then the time of the missing line is unknown, and the block's holder is in doubt since the log spoke of it last. Pure.

import type { Holder, Lease, LeaseChange } from '../../model/lease.ts'
import type { Between, Leases } from '../../ports/leases.ts'
import type { SeenAt } from '../../wire/teller-clock.ts'
import type { Block } from './block-lines.ts'

export type BlockSettings = {
  /** Address space of the outside addresses, and of those inside of this NAT: `natLog.realm`, main by default. */
  readonly realm: string
  /** `natLog.insideRealm`, main by default. */
  readonly insideRealm: string
}

/** Leases that begin and end by a line; `unknown` for a home without a certain subscriber. */
export function movedBy(
  block: Block,
  { at, since = at }: SeenAt,
  { realm, insideRealm, leases }: BlockSettings & { readonly leases: BlockLeases },
): { readonly changes: readonly LeaseChange[]; readonly unknown?: true } {
  const { kind, inside, outside, ports } = block
  const prefix = `${outside}/${outside.includes(':') ? 128 : 32}`
  const standing = leases.standing(realm, prefix).filter(one => overlap(one, ports))
  const isMine = (one: Lease) =>
    one.inside?.address === inside &&
    one.inside.realm === insideRealm &&
    one.ports?.[0] === ports[0] &&
    one.ports[1] === ports[1]
  const mine = standing.find(isMine)
  const skew = at - since
  const end = (lease: Lease, more: Partial<Lease> = {}): LeaseChange => ({
    kind: 'close',
    lease: { ...lease, to: at, ...(skew > 0 ? { skew } : {}), ...more },
  })
  if (kind === 'released')
    return { changes: standing.map(one => end(one, isMine(one) ? {} : { doubtFrom: one.from })) }
  // Its release was lost, at some time.
  const lost = standing
    .filter(one => one !== mine)
    .map(one => end(one, { doubtFrom: one.doubtFrom ?? one.from }))
  const { sure, subscriber }: Holder = leases.holderAt(insideRealm, inside, undefined, {
    since,
    at,
  })
  if (sure !== 'certain' || subscriber === undefined)
    // What stands belongs to the holder of its inside address, also while that holder is unknown.
    return { changes: lost, unknown: true }
  if (mine && mine.subscriber === subscriber && kind === 'active') {
    const { doubtFrom, ...sureOf } = mine
    return {
      changes: doubtFrom === undefined ? lost : [...lost, { kind: 'open', lease: sureOf }],
    }
  }
  const lease: Lease = {
    realm,
    prefix,
    ports,
    subscriber,
    from: at,
    inside: { realm: insideRealm, address: inside },
    ...(skew > 0 ? { skew } : {}),
  }
  // Given twice to one home: its own release may have been lost, and no line gave the block to another home meanwhile.
  return { changes: [...lost, ...(mine ? [end(mine)] : []), { kind: 'open', lease }] }
}

/** After a gap, such as a restart: what stands is in doubt since the log was heard last. */
export function inDoubt(
  leases: Iterable<Lease>,
  { realm, insideRealm, since }: BlockSettings & { readonly since: (lease: Lease) => number },
): readonly LeaseChange[] {
  return [...leases].flatMap((lease): LeaseChange[] => {
    const { inside, to, doubtFrom } = lease
    if (to !== undefined || doubtFrom !== undefined) return []
    if (lease.realm !== realm || inside?.realm !== insideRealm) return []
    return [{ kind: 'open', lease: { ...lease, doubtFrom: Math.max(lease.from, since(lease)) } }]
  })
}

type BlockLeases = Pick<Leases, 'standing'> & {
  holderAt(realm: string, address: string, port: undefined, at: Between): Holder
}

const overlap = ({ ports: mine }: Lease, ports: readonly [number, number]) =>
  mine !== undefined && mine[0] <= ports[1] && ports[0] <= mine[1]
