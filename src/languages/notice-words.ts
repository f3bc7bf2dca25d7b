// Which letters there are, and what the words of one are made of: a table like this for each language.

import { QUIET_FOR } from '../model/decision.ts'
import { HOUR } from '../model/duration.ts'

/** After so long without a sign a line is opened by itself, as letters say. */
export const QUIET_HOURS = QUIET_FOR / HOUR

export const NOTICES = [
  'isolated',
  'login-stopped',
  'site-warned',
  'imposed',
  'imposed-login',
  'suspended',
  'released',
  'over-limit',
  'mail-waits',
  'was-it-you',
  'opt-out-code',
  'opt-out-open',
  'opt-out-ended',
  'opt-out-reminder',
  'port-25-closes',
] as const

export type NoticeKind = (typeof NOTICES)[number]

/** What waits for its window: messages. */
export type PacedFacts = {
  readonly toNew: number
  readonly toKnown: number
  readonly judgedSpam: number
  /** About when the last leaves of what leaves by itself. */
  readonly lastLeaves?: string
}

export type NoticeFacts = {
  /** Of a case, or of a request for port 25; letters about anything else bear the number of the customer. */
  readonly caseCode?: string
  readonly customer: string
  readonly provider: string
  /** The portal's name, as the owner knows it. */
  readonly portal: string
  /** Where mail passwords are changed, where that is not the portal: another server knows them, and keeps the mail. */
  readonly passwordsAt?: string
  readonly login?: string
  /** When the trouble was first seen, on the provider's clock, to the minute. */
  readonly since: string
  readonly seen: readonly string[]
  /** A server or scanner took mail for spam: without that no letter says that its owner sends spam. */
  readonly spam?: boolean
  /** What is to be typed in the portal. */
  readonly proof?: string
  /** Nothing in the network carries out what was decided: port 25 is not closed, our own server alone keeps mail. */
  readonly hereOnly?: boolean
  /** Of `was-it-you`. */
  readonly paced?: PacedFacts
  /** A date. */
  readonly until?: string
}

export type Words = Readonly<
  Record<NoticeKind, (facts: NoticeFacts) => { subject: string; text: string }>
>
