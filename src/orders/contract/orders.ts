// All that may be ordered: what is not in this list cannot be. A new order is one entry here, its file beside this one, and one entry and
// one file in src/engine/orders/ (docs/hacking.md).

import type { Contract, FieldsOf, GiverOf } from './contract.ts'
import { addAppPassword } from './add-app-password.ts'
import { announceMailing } from './announce-mailing.ts'
import { announceRollout } from './announce-rollout.ts'
import { answerQuestion } from './answer-question.ts'
import { askOptOut } from './ask-opt-out.ts'
import { rollbackRollout } from './rollback-rollout.ts'
import { beginFactor } from './begin-factor.ts'
import { changePassword } from './change-password.ts'
import { closeLease } from './close-lease.ts'
import { confirmFactor } from './confirm-factor.ts'
import { confirmOptOut } from './confirm-opt-out.ts'
import { dismissReport } from './dismiss-report.ts'
import { endOptOut } from './end-opt-out.ts'
import { fillDriver } from './fill-driver.ts'
import { flushDriver } from './flush-driver.ts'
import { flushQueue } from './flush-queue.ts'
import { importAccounts } from './import-accounts.ts'
import { importLeases } from './import-leases.ts'
import { importReports } from './import-reports.ts'
import { impose } from './impose.ts'
import { openLease } from './open-lease.ts'
import { openWindow } from './open-window.ts'
import { purgeEvidence } from './purge-evidence.ts'
import { purgeMessage } from './purge-message.ts'
import { release } from './release.ts'
import { releaseMessage } from './release-message.ts'
import { removeAppPassword } from './remove-app-password.ts'
import { removeFactor } from './remove-factor.ts'
import { renewOptOut } from './renew-opt-out.ts'
import { reverseDnsSet } from './reverse-dns-set.ts'
import { rotateDkim } from './rotate-dkim.ts'
import { startRollout } from './start-rollout.ts'
import { takeFeed } from './take-feed.ts'

export const CONTRACTS = [
  release,
  impose,
  changePassword,
  addAppPassword,
  removeAppPassword,
  releaseMessage,
  purgeMessage,
  purgeEvidence,
  answerQuestion,
  announceMailing,
  openWindow,
  flushQueue,
  beginFactor,
  confirmFactor,
  removeFactor,
  askOptOut,
  confirmOptOut,
  renewOptOut,
  endOptOut,
  reverseDnsSet,
  openLease,
  closeLease,
  importLeases,
  importReports,
  dismissReport,
  importAccounts,
  announceRollout,
  startRollout,
  rollbackRollout,
  flushDriver,
  fillDriver,
  rotateDkim,
  takeFeed,
] as const

type Contracts = (typeof CONTRACTS)[number]
export type OrderKind = Contracts['kind']
type OrderFrom<C> =
  C extends Contract<infer K, infer F> ? { readonly kind: K } & Readonly<FieldsOf<F>> : never
type GiverFrom<C> = C extends Contract<string, infer _F, infer O, infer S> ? GiverOf<O, S> : never

/** Order of one kind, or of several. */
export type OrderOf<K extends OrderKind> = K extends OrderKind
  ? OrderFrom<Extract<Contracts, { kind: K }>>
  : never
export type Order = OrderOf<OrderKind>

/** An order that was looked at, with who gave it and when. */
export type GivenOrderOf<K extends OrderKind> = {
  readonly order: OrderOf<K>
  readonly actor: GiverFrom<Extract<Contracts, { kind: K }>>
  readonly at: number
}

const BY_KIND: ReadonlyMap<string, Contracts> = new Map(CONTRACTS.map(one => [one.kind, one]))

export const contractOf = (kind: string): Contract | undefined => BY_KIND.get(kind)
