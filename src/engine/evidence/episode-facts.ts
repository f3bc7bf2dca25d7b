// What evidence by episodes must know of a message beside its facts: from which network a login is used that is away from its line, which
// logins are used from the same foreign address, and which recipients are new. Found before the message is weighed, and recorded with it.

import type { Op, Reading } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import { type EpisodeFacts, sourceSubject } from '../../model/episode.ts'
import { loginOf, type Subject } from '../../model/evidence.ts'
import { isLoopback, maskIp, NO_ADDRESS, sourceOf } from '../../model/ip.ts'
import type { Who } from '../../model/lease.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

/** Logins that use one foreign address are counted for so long. */
const LOGINS_KEPT = 7 * DAY

/** Where a login is used away from its line, as far as its address says; undefined at its own line. Of a host of many users it says nothing. */
export type Away = Pick<EpisodeFacts, 'network'> & { readonly source?: string }

export function awayOf(who: Who, subjects: readonly Subject[]): Away | undefined {
  if (who.login === undefined || !subjects.includes(loginOf(who.login))) return undefined
  const { address } = who
  if (who.crowd || isLoopback(address) || address === NO_ADDRESS) return {}
  const network = networkNumber(address)
  // Addresses of our own lines are subjects by themselves.
  return who.sure === 'unknown' ? { network, source: sourceOf(address) } : { network }
}

/** To be peeked; `episodeFacts` reads the result. */
export const sourceOps = ({ source }: Away, login: string): Op[] =>
  source === undefined ? [] : [loginsOp(source, [login]), regularsOp(source)]

/** The login is used from there. */
export const loginsOp = (source: string, logins: readonly string[]): Op => ({
  op: 'distinct',
  key: `${sourceSubject(source)}#logins`,
  members: logins,
  window: LOGINS_KEPT,
})

/** People whom the login knows took its mail from there. */
export const regularsOp = (source: string, logins: readonly string[] = []): Op => ({
  op: 'distinct',
  key: `${sourceSubject(source)}#regulars`,
  members: logins,
  window: LOGINS_KEPT,
})

type EpisodeReadings = {
  readonly who: Who
  readonly away: Away | undefined
  /** Of `sourceOps`. A store that does not answer makes no address suspect. */
  readonly readings: readonly Reading[]
  readonly newTo: readonly string[] | undefined
  readonly met: number | undefined
  readonly summary: Pick<MessageSummary, 'automatic' | 'receipt'>
}

/** Undefined where there is nothing beside the facts. */
export function episodeFacts(
  { subscribers }: { readonly subscribers: Subscribers },
  { who, away, readings: [logins, regulars], newTo, met, summary }: EpisodeReadings,
): EpisodeFacts | undefined {
  const { login } = who
  const isShared = login !== undefined && subscribers.byLogin(login)?.plan === 'site'
  const source = away?.source
  const facts: EpisodeFacts = {
    ...(away?.network === undefined ? {} : { network: away.network }),
    ...(source === undefined
      ? {}
      : {
          source: {
            address: source,
            logins: (logins?.value ?? 0) + (logins?.novel ?? 0),
            regulars: regulars?.value ?? 0,
          },
        }),
    ...(isShared && !away ? { login } : {}),
    ...(newTo ? { newTo } : {}),
    ...(met ? { met } : {}),
    ...(summary.automatic || summary.receipt ? { automatic: true as const } : {}),
  }
  return Object.keys(facts).length === 0 ? undefined : facts
}

/**
 * Prefix lengths of what counts as one network. Without a table of autonomous systems that is the nearest: a provider with many /16 looks like
 * several, and two small ones in a /16 like one.
 */
const NETWORK = { ipv4: 16, ipv6: 32 }

/** A number other than 0 for the network of an address. */
export function networkNumber(address: string): number {
  let hash = 0x811c9dc5
  const text = maskIp(address, NETWORK.ipv4, NETWORK.ipv6)
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0 || 1
}
