// With what a host is looked at, and until when.

import type { InTurn } from '../../../model/in-turn.ts'
import type { AuditSettings } from './audit-settings.ts'
import type { AskedDns } from './dns-facts.ts'

export type Seeing = {
  readonly settings: AuditSettings
  readonly asking: AskedDns
  readonly turnOf: (address: string) => InTurn
  readonly signal: AbortSignal
  /** When that comes, in performance.now(). */
  readonly until: number
}
