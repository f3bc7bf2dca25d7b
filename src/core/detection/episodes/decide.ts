// What is done, mildest first: mail is paced, held, refused from one network; a login is stopped, a line isolated. Isolating and stopping
// need two kinds, one of which says "spam" or "strange hands": recipients, volume and unknown users alone only pace, because a stale mailing
// and a bot that the filter does not see are the same data.

import { forgiveNetworks } from './networks.ts'
import type { EpisodeKind, Network, SubjectRecord } from './state.ts'
import {
  ALONE_ABOVE,
  HOLD_AT,
  HOLD_ENDS,
  ISOLATE_AT,
  REFUSE_NETWORK,
  REFUSE_NETWORK_AT,
  REFUSE_ROAMER_AT,
  ROAMS,
  STOP_AT,
  STOP_ROAMER_AT,
} from './tables.ts'
import { judgedSpamOf, scannedOf } from './scanned.ts'
import { kindsOf, suspicion } from './weigh-episode.ts'

export type EpisodeDecision =
  | 'pace'
  | 'hold'
  | 'refuse-network'
  | 'refuse-source'
  | 'stop-login'
  | 'isolate'

const SAY_SPAM: readonly EpisodeKind[] = ['content', 'refusals', 'network', 'reports', 'campaign']

/** What begins and ends by itself: a hold, the refusal of a network and of a source. */
export function settle(draft: SubjectRecord): void {
  const { numbers, kind } = draft
  const x = suspicion(draft)
  if (x >= HOLD_AT) numbers.holds = 1
  else if (x < HOLD_ENDS) numbers.holds = 0
  if (kind === 'source') {
    if (isOver(draft, STOP_AT)) numbers.refusesAuth = 1
    else if (x < HOLD_ENDS) numbers.refusesAuth = 0
  }
  if (kind !== 'login') return
  if (x < HOLD_ENDS && draft.networks.some(one => one.refused)) forgiveNetworks(draft)
  const refuseAt = numbers.roamingPrior > ROAMS ? REFUSE_ROAMER_AT : REFUSE_NETWORK_AT
  // A sixth of an honest mailing from abroad was judged spam; of a thief's mail it is most.
  if (numbers.sum < refuseAt || judgedSpamOf(draft) < REFUSE_NETWORK.share * scannedOf(draft))
    return
  const refused = (one: Network) => one.refused || (!one.known && one.spam >= REFUSE_NETWORK.spam)
  if (draft.networks.some(one => refused(one) && !one.refused))
    draft.networks = draft.networks.map(one => ({ ...one, refused: refused(one) }))
}

/** The gravest that holds. */
export function decide(record: SubjectRecord): EpisodeDecision {
  const { kind, numbers, networks } = record
  if (kind === 'line' && isOver(record, ISOLATE_AT)) return 'isolate'
  const stopAt = numbers.roamingPrior > ROAMS ? STOP_ROAMER_AT : STOP_AT
  if (kind === 'login' && isOver(record, stopAt)) return 'stop-login'
  if (numbers.refusesAuth === 1) return 'refuse-source'
  if (networks.some(one => one.refused)) return 'refuse-network'
  return numbers.holds === 1 ? 'hold' : 'pace'
}

/** The sum, and kinds that agree. */
function isOver(record: SubjectRecord, threshold: number): boolean {
  const { sum } = record.numbers
  if (sum < threshold) return false
  const kinds = kindsOf(record)
  const proves = (one: EpisodeKind) =>
    SAY_SPAM.includes(one) || (one === 'authentication' && record.kind === 'login')
  return kinds.some(proves) && (kinds.length >= 2 || sum >= threshold + ALONE_ABOVE)
}
