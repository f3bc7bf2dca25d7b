// What the engine is made of: ports, rules and settings. Only engine.ts and wiring.ts see all of it; each conductor names what it takes.

import type { Budgets } from '../core/detection/sum.ts'
import type { Rule } from '../core/policy/rule.ts'
import type { EpisodeMode, IsolationsByMail } from '../model/episode.ts'
import type { SigningKeys } from '../mail/dkim-sign.ts'
import type { Archives } from '../ports/archives.ts'
import type { DmarcRow } from '../model/dmarc-row.ts'
import type { Authenticator } from '../ports/authenticator.ts'
import type { Counters } from '../ports/counters.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { Journal } from '../ports/journal.ts'
import type { Leases } from '../ports/leases.ts'
import type { Cases } from '../ports/cases.ts'
import type { Lookups } from '../ports/lookups.ts'
import type { Names } from '../ports/names.ts'
import type { Notices } from '../ports/notices.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import type { Readings } from '../ports/readings.ts'
import type { Recipients } from '../ports/recipients.ts'
import type { Scanner } from '../ports/scanner.ts'
import type { Sessions } from '../ports/sessions.ts'
import type { Spool } from '../ports/spool.ts'
import type { SubjectState } from '../ports/subject-state.ts'
import type { Subscribers } from '../ports/subscribers.ts'
import type { FeedbackSettings } from './evidence/complaint-weight.ts'
import type { ComplaintParts } from './evidence/complaints.ts'
import type { AbuseReportParts } from './letters/abuse/abuse-reports.ts'
import type { SightingParts } from './letters/abuse/sightings.ts'
import type { LoggedRows } from './intake/logged-rows.ts'
import type { HeldElsewhere } from './intake/elsewhere/held-elsewhere.ts'
import type { EffectParts, FollowingParts } from './effects/effects.ts'
import type { ListSettings } from './network/published-list.ts'
import type { MoveLeasesParts } from './network/move-leases.ts'
import type { OptOutParts } from './port25/opt-outs.ts'
import type { OrderParts } from './orders/order-parts.ts'
import type { RolloutParts } from './port25/rollouts.ts'

export type EngineParts = {
  readonly rules: readonly Rule[]
  readonly counters: Counters
  /** Records of evidence by episodes. */
  readonly states: SubjectState
  readonly cases: Cases
  readonly changes: FollowingParts['changes']
  readonly records: FollowingParts['records']
  readonly notices: Notices
  readonly audit: OrderParts['audit']
  readonly leaseRows: MoveLeasesParts['leaseRows']
  readonly spool: Spool
  /** What other servers hold for us, where there are such. */
  readonly elsewhere?: HeldElsewhere
  /** Messages of which the log of their server tells; only where one is read. */
  readonly logged?: LoggedRows | undefined
  readonly leases: Leases
  readonly subscribers: Subscribers
  readonly recipients: Recipients
  readonly lookups: Lookups
  readonly credentials: Credentials
  readonly scanner: Scanner
  readonly authenticator: Authenticator
  readonly archives: Archives
  readonly readings: Readings
  readonly sessions: Sessions
  readonly network: readonly NetworkControl[]
  readonly journal: Journal
  readonly names: Names
  /** Where customers may have their port 25 opened themselves. */
  readonly optOut?: Pick<
    OptOutParts,
    'optOuts' | 'factors' | 'resolver' | 'relayProbe' | 'expertRate' | 'tell'
  >
  readonly factors?: OrderParts['factors']
  /** Where port 25 is closed in parts. */
  readonly rollout?: RolloutParts
  /** Network drivers that hold nothing, because an order turned them off. */
  readonly off?: OrderParts['off']
  /** Takes over customers of the provider's own systems. */
  readonly rotateDkim?: OrderParts['rotateDkim']
  readonly feed?: OrderParts['feed']
  readonly inTurn?: OrderParts['inTurn']
  /** What others may ask of infected addresses. */
  readonly list?: ListSettings | undefined
  /** Where the operator is told. */
  readonly alarms?: EffectParts['alarms']
  /** Where reports of abuse are written down, and what they are traced with. */
  readonly complaints?: Pick<ComplaintParts, 'rows' | 'events'>
  /** What is told to other networks of machines of theirs. */
  readonly abuse?: Pick<SightingParts, 'contacts'> & Pick<AbuseReportParts, 'records' | 'told'>
  /** Counts what domains in From hear of. */
  readonly dmarcSeen?: (row: DmarcRow) => void
  readonly now: () => number
  readonly settings: EngineSettings
  readonly trouble: (error: unknown, about: string) => void
}

export type EngineSettings = {
  readonly node: string
  readonly ourName: string
  /** The domain our own letters come from. */
  readonly mailDomain: string
  /** `provider`, Your provider by default, 1 to 200 characters. */
  readonly provider: string
  /** `portal`, the customer portal by default, 1 to 200 characters. */
  readonly portal: string
  /** Where owners change their mail password, where another server knows it and keeps their mail. */
  readonly passwordsAt?: string | undefined
  /** For times in letters: `timeZone`, UTC by default. */
  readonly timeZone: () => string
  readonly secret: string
  /**
   * ms: undeliverable mail is given up after this (RFC 5321 §4.5.4.1: at least four to five days): `giveUpAfter`, 5d by default, 1m to
   * 30d.
   */
  readonly expireAfter: number
  readonly budgets: Budgets
  /** `evidence.mode` is observe; it is enforce by default. */
  readonly observes?: boolean
  /** `evidence.episodes`, auto by default, auto, off, shadow, pace or decide; off: no evidence by episodes is computed. */
  readonly episodes: EpisodeMode
  /** `evidence.isolateByMail`, observe by default, observe or act. */
  readonly isolateByMail?: IsolationsByMail
  /** Somewhere port 25 is redirected to a listener of ours. */
  readonly redirectsToUs?: boolean
  /** Addresses that were never given out, in lower case. */
  readonly traps?: () => ReadonlySet<string>
  /** `feedback`; without it mail has no reference, and there is no feedback loop. */
  readonly feedback?: () => FeedbackSettings
  readonly dkim: SigningKeys | undefined
  /** Address of the pages behind refusals, up to their names: `http.refusalPages`, none by default; without it only the name is told. */
  readonly refusalPages?: string
}
