// Sends each day's reports of DMARC to the domains that ask for them (RFC 9990), some hours after midnight in UTC, so that not all
// servers of the world write to one domain at once. Whether it was sent is told by the queue, which takes a report once.

import {
  type CountedRow,
  type DmarcReporter,
  reportMail,
} from '../../../mail/dmarc/dmarc-report.ts'
import { dmarcRecords, reportAddresses } from '../../../mail/dmarc/report-request.ts'
import type { Records } from '../../../ports/records.ts'
import type { Resolver } from '../../../ports/resolver.ts'
import type { DayOfDomain, DueReports } from '../../due-reports.ts'
import type { PostReport } from '../../report-day.ts'
import type { DmarcCounts } from './dmarc-counts.ts'
import { destinations } from './report-destinations.ts'

export type DmarcReportsParts = {
  readonly counts: Pick<DmarcCounts, 'write' | 'left' | 'forget'>
  readonly records: Pick<Records<CountedRow>, 'all'>
  readonly resolver: Pick<Resolver, 'texts'>
  readonly by: DmarcReporter
  readonly post: PostReport
  /** What was not reported, and why. */
  readonly trouble: (error: unknown, about: string) => void
  readonly due: DueReports
}

const ABOUT = 'reports of DMARC'

type Day = DayOfDomain & { readonly rows: CountedRow[] }

export async function sendDmarcReports(parts: DmarcReportsParts, at: number): Promise<void> {
  const { records, counts, due, trouble } = parts
  await counts.write()
  const left = counts.left()
  if (left > 0) trouble(new Error(`no room: ${left} messages are in no report`), ABOUT)
  await due.run(daysOf(records.all()), at, {
    about: ABOUT,
    send: one => sendOne(parts, one, at),
    forget: ({ rows }) => Promise.all(rows.map(row => counts.forget(row))),
    trouble,
  })
}

function daysOf(all: Iterable<CountedRow>): readonly Day[] {
  const days = new Map<string, Day>()
  for (const row of all) {
    const [day = '', domain = ''] = row.id.split(' ')
    const key = `${day} ${domain}`
    const known = days.get(key)
    if (known) known.rows.push(row)
    else days.set(key, { key, day, domain, rows: [row] })
  }
  return [...days.values()]
}

/** `later`: the DNS did not say where all of it goes. */
async function sendOne(
  { resolver, by, post, trouble }: DmarcReportsParts,
  { day, domain, rows }: Day,
  at: number,
): Promise<'later' | undefined> {
  // With reports alone each of two servers would have something to tell the other every day.
  if (rows.every(({ row }) => row.isReport)) return undefined
  const texts = await resolver.texts(`_dmarc.${domain}`)
  if ('failed' in texts) return 'later'
  const [record, ...more] = dmarcRecords(texts.value)
  if (record === undefined || more.length > 0) return undefined
  let later: 'later' | undefined
  for (const asked of reportAddresses(record)) {
    const found = await destinations(resolver, domain, asked)
    if (found === 'later') later = found
    else
      for (const { to, most = Infinity } of found) {
        const mail = await reportMail({ domain, day, rows }, { to, by, at })
        if (mail.length <= most)
          await post({ to, mail, once: `dmarc-report.${day}.${domain}.${to}`, at })
        else trouble(new Error(`the report of ${day} to ${to} has ${mail.length} bytes`), ABOUT)
      }
  }
  return later
}
