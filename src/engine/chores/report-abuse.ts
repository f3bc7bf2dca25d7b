// What was seen of machines of other networks is written down, and those who run them are told.

import { MINUTE } from '../../model/duration.ts'
import { type AbuseReportParts, reportAbuse } from '../letters/abuse/abuse-reports.ts'
import type { Chore } from './chore.ts'

export const abuseReports: Chore<{ readonly abuse: AbuseReportParts | undefined }> = {
  name: 'reports of abuse to other networks',
  every: MINUTE,
  where: 'once',
  alone: true,
  run: async ({ abuse }, at) => abuse && reportAbuse(abuse, at),
}
