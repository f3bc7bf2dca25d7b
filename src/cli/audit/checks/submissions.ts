// Port 465: TLS from the first byte, and AUTH (RFC 8314 §3.3).

import type { AuditCheck } from '../audit-check.ts'
import { isInboundOnly } from '../port-facts.ts'
import { judgedBeside } from './submission.ts'

export const submissions: AuditCheck = {
  name: 'submissions',
  column: '465',
  judge: record => (isInboundOnly(record) ? undefined : judgedBeside(record, 465, 587)),
}
