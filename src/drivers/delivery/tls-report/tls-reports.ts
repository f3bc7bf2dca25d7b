// Sends each day's reports of TLS to the domains that want them (RFC 8460 §5), some hours after midnight in UTC, so that not all servers of the world write
// to one domain at once. Whether it was sent is told by the queue, which takes a report once.

import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import { reportAddresses, reportMail, type TlsReporter } from '../../../mail/tls-report.ts'
import type { BoundedMap } from '../../../model/bounded-map.ts'
import { domainOf } from '../../../model/mail-address.ts'
import type { Records } from '../../../ports/records.ts'
import type { Resolver } from '../../../ports/resolver.ts'
import { dueAt, type PostReport } from '../../report-day.ts'
import type { CountedDay, TlsCounts } from './tls-counts.ts'

export type TlsReportsParts = {
  readonly counts: Pick<TlsCounts, 'write' | 'left' | 'forget'>
  readonly records: Pick<Records<CountedDay>, 'all'>
  readonly resolver: Pick<Resolver, 'texts'>
  readonly by: TlsReporter
  readonly post: PostReport
  /** A domain of ours: what a stranger has sent there would only wait, or fill a mailbox. */
  readonly isOurs: (domain: string) => boolean
  /** Reports to each organisation about others, by day; of this program alone. */
  readonly sent: BoundedMap<string, number>
  /** What was not reported, and why. */
  readonly trouble: (error: unknown, about: string) => void
}

/** RFC 8460 asks no reader whether it agrees: reports of a day to one organisation about others. */
const MOST_ELSEWHERE = 20
const ABOUT = 'reports of TLS'

export async function sendTlsReports(parts: TlsReportsParts, at: number): Promise<void> {
  const { records, counts, trouble } = parts
  await counts.write()
  const left = counts.left()
  if (left > 0) trouble(new Error(`no room: ${left} connections are in no report`), ABOUT)
  for (const counted of Array.from(records.all())) {
    const [day = '', domain = ''] = counted.id.split(' ')
    const due = dueAt(day, domain, at)
    if (due === undefined) await counts.forget(counted.id)
    else if (at >= due) await sendOne(parts, { counted, day, domain, at })
  }
}

async function sendOne(
  parts: TlsReportsParts,
  {
    counted,
    day,
    domain,
    at,
  }: {
    readonly counted: CountedDay
    readonly day: string
    readonly domain: string
    readonly at: number
  },
): Promise<void> {
  const { counts, resolver, by, post } = parts
  const texts = await resolver.texts(`_smtp._tls.${domain}`)
  if ('failed' in texts) return
  const report = { domain, day, policies: counted.policies }
  for (const to of reportAddresses(texts.value)) {
    if (!mayGo(parts, { to, domain, day })) continue
    const mail = await reportMail(report, { to, by, at })
    await post({ to, mail, once: `tls-report.${day}.${domain}.${to}`, at })
  }
  await counts.forget(counted.id)
}

/** A stranger names whom it likes. */
function mayGo(
  { isOurs, sent, trouble }: TlsReportsParts,
  { to, domain, day }: { readonly to: string; readonly domain: string; readonly day: string },
): boolean {
  const host = domainOf(to).toLowerCase()
  if (isOurs(host)) return false
  const organisation = organisationalDomain(host)
  if (organisation === organisationalDomain(domain)) return true
  const key = `${day} ${organisation}`
  const before = sent.get(key) ?? 0
  sent.set(key, before + 1)
  // Told once.
  if (before === MOST_ELSEWHERE)
    trouble(new Error(`${organisation} gets no more reports of ${day} about others`), ABOUT)
  return before < MOST_ELSEWHERE
}
