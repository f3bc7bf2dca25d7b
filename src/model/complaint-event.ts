// What is told of complaints; part of model/event.ts.

import type { Complaint } from './complaint.ts'
import type { Subject } from './evidence.ts'
import type { ReportFormat } from './sighting.ts'

export type ComplaintEvent = {
  /** A report of abuse came in; what is in it is what its sender says. */
  readonly kind: 'complaint-received'
  readonly complaint: Omit<Complaint, 'at'>
  /** Against whom it is evidence. */
  readonly subjects?: readonly Subject[]
  readonly usual?: { readonly [subject: Subject]: number }
}

export type AbuseReportEvent = {
  /** A report of abuse went to those who run another network. */
  readonly kind: 'abuse-reported'
  readonly contact: string
  readonly format: ReportFormat
  /** The machines that it is about, at most fifty. */
  readonly addresses: readonly string[]
}
