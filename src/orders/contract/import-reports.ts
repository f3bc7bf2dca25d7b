// Reports of abuse that came in elsewhere, or from a file.

import { z } from 'zod'
import { isDomain } from '../../model/mail-address.ts'
import { contract } from './contract.ts'
import { line } from './fields.ts'

/** In one order; `cordon feedback import` makes several of more. */
export const REPORTS_AT_ONCE = 100
/** Characters of one in base64: 1 MiB of it, and a little, which says that there is more. */
export const MAX_REPORT_TEXT = 1_400_000
const ADVICE = `Write a list of reports in base64, ${REPORTS_AT_ONCE} at most.`
const DOMAIN = 'Write the domain of the organisation that reports, such as example.org.'

export const importReports = contract({
  kind: 'import-reports',
  about: 'import reports of abuse',
  ownerMay: false,
  fields: z.strictObject({
    reports: z
      .array(
        z
          .base64({ error: ADVICE })
          .min(1, { error: ADVICE })
          .max(MAX_REPORT_TEXT, { error: ADVICE }),
        { error: ADVICE },
      )
      .min(1, { error: ADVICE })
      .max(REPORTS_AT_ONCE, { error: ADVICE })
      .readonly(),
    reporter: z.exactOptional(line(DOMAIN, 255).refine(isDomain, { error: DOMAIN })),
  }),
  target: ({ reports, reporter }) =>
    `${reports.length} reports${reporter === undefined ? '' : ` of ${reporter}`}`,
  // Each of them is written down for itself; they hold other people's mail.
  censor: () => ({ reports: [] }),
  maxBytes: 8 * 1024 * 1024,
})
