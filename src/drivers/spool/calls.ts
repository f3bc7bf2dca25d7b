// What the spool's worker threads are asked, and how they answer.

import type {
  Claim,
  PacedPart,
  QueueChange,
  QueueFilter,
  QueueRow,
  QueueTotal,
  Settlement,
} from '../../ports/spool.ts'
import type { Subject } from '../../model/evidence.ts'
import type { WorkerStart } from '../sqlite/asked.ts'
import type { Damaged, Stored, StoredBody } from './spool-store.ts'

/** A reader that follows another one is told which recipients are out for delivery. */
export type ReaderStart = WorkerStart & { readonly lent: ReadonlyMap<number, number> }

export type WriteCall =
  | { readonly call: 'add'; readonly stored: Stored }
  | { readonly call: 'settle'; readonly results: readonly Settlement[] }
  | { readonly call: 'flush'; readonly at: number; readonly after: number }
  | { readonly call: 'change'; readonly filter: QueueFilter; readonly change: QueueChange }
export type WriteAnswer = {
  readonly rows: readonly QueueRow[]
  readonly files: readonly string[]
  readonly count?: number
}

export type ReadCall =
  | {
      readonly call: 'claim'
      readonly at: number
      readonly max: number
      readonly leaseUntil: number
      /** Recipients given back before, which this reader may not have heard. */
      readonly back: readonly number[]
    }
  | { readonly call: 'give-back'; readonly recipients: readonly number[] }
  | { readonly call: 'list'; readonly filter: QueueFilter }
  | { readonly call: 'body'; readonly message: string }
  | { readonly call: 'next-due'; readonly after: number }
  | { readonly call: 'files' }
  | { readonly call: 'totals' }
  | { readonly call: 'paced'; readonly payer: Subject; readonly most: number }
  | { readonly call: 'payers' }
export type ReadAnswer = {
  readonly claims?: readonly Claim[]
  readonly damaged?: readonly Damaged[]
  readonly rows?: readonly QueueRow[]
  readonly body?: StoredBody
  readonly nextDue?: number
  readonly files?: ReadonlySet<string>
  readonly totals?: readonly QueueTotal[]
  readonly parts?: readonly PacedPart[]
  readonly payers?: readonly Subject[]
}
