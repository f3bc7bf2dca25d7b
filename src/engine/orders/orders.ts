// What each order does, in a file of its own. The orders and their fields are in src/orders/contract/orders.ts: this list has the same
// orders, or it does not compile.

import type { OrderOutcome, Owner } from '../../model/order.ts'
import type { GivenOrderOf, OrderKind } from '../../orders/contract/orders.ts'
import type { OrderParts } from './order-parts.ts'
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
import type { OwnersOutcome } from './may-touch.ts'
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

/** An order that owners may give returns the proof that it checked the owner (may-touch.ts). */
export type Run<K extends OrderKind> = (
  parts: OrderParts,
  given: GivenOrderOf<K>,
) => Promise<Owner extends GivenOrderOf<K>['actor'] ? OwnersOutcome : OrderOutcome>
type Runs = { readonly [K in OrderKind]: Run<K> }

export const RUNS: Runs = {
  release,
  impose,
  'change-password': changePassword,
  'add-app-password': addAppPassword,
  'remove-app-password': removeAppPassword,
  'release-message': releaseMessage,
  'purge-message': purgeMessage,
  'purge-evidence': purgeEvidence,
  'answer-question': answerQuestion,
  'announce-mailing': announceMailing,
  'open-window': openWindow,
  'flush-queue': flushQueue,
  'begin-factor': beginFactor,
  'confirm-factor': confirmFactor,
  'remove-factor': removeFactor,
  'ask-opt-out': askOptOut,
  'confirm-opt-out': confirmOptOut,
  'renew-opt-out': renewOptOut,
  'end-opt-out': endOptOut,
  'reverse-dns-set': reverseDnsSet,
  'open-lease': openLease,
  'close-lease': closeLease,
  'import-leases': importLeases,
  'import-reports': importReports,
  'dismiss-report': dismissReport,
  'import-accounts': importAccounts,
  'announce-rollout': announceRollout,
  'start-rollout': startRollout,
  'rollback-rollout': rollbackRollout,
  'flush-driver': flushDriver,
  'fill-driver': fillDriver,
  'rotate-dkim': rotateDkim,
  'take-feed': takeFeed,
}
