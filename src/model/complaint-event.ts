// What is told of complaints; part of model/event.ts.

import type { Complaint } from './complaint.ts'
import type { Subject } from './evidence.ts'

export type ComplaintEvent = {
  /** A report of abuse came in; what is in it is what its sender says. */
  readonly kind: 'complaint-received'
  readonly complaint: Omit<Complaint, 'at'>
  /** Against whom it is evidence. */
  readonly subjects?: readonly Subject[]
  readonly usual?: { readonly [subject: Subject]: number }
}
