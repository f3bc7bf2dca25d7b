// Sends each day's reports of TLS to the domains that want them (RFC 8460 §5), some hours after midnight in UTC, so that not all servers of the world write
// to one domain at once. Whether it was sent is told by the queue, which takes a report once.

import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import { reportAddresses, reportMail, type TlsReporter } from '../../../mail/tls-report.ts'
import type { BoundedMap } from '../../../model/bounded-map.ts'
import { domainOf } from '../../../model/mail-address.ts'
import type { Records } from '../../../ports/records.ts'
import type { Resolver } from '../../../ports/resolver.ts'
import type { DayOfDomain, DueReports } from '../../due-reports.ts'
import type { PostReport } from '../../report-day.ts'
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
  readonly due: DueReports
  /** What was not reported, and why. */
  readonly trouble: (error: unknown, about: string) => void
}

/** RFC 8460 asks no reader whether it agrees: reports of a day to one organisation about others. */
const MOST_ELSEWHERE = 20
const ABOUT = 'reports of TLS'

export async function sendTlsReports(parts: TlsReportsParts, at: number): Promise<void> {
  const { records, counts, due, trouble } = parts
  await counts.write()
  const left = counts.left()
  if (left > 0) trouble(new Error(`no room: ${left} connections are in no report`), ABOUT)
  const days = Array.from(records.all(), ({ id, policies }): Day => {
    const [day = '', domain = ''] = id.split(' ')
    return { key: id, day, domain, policies }
  })
  await due.run(days, at, {
    about: ABOUT,
    send: one => sendOne(parts, one, at),
    forget: one => counts.forget(one.key),
    trouble,
  })
}

type Day = DayOfDomain & Pick<CountedDay, 'policies'>

/** `later`: the DNS did not say where it goes. */
async function sendOne(
  parts: TlsReportsParts,
  { day, domain, policies }: Day,
  at: number,
): Promise<'later' | undefined> {
  const { resolver, by, post } = parts
  const texts = await resolver.texts(`_smtp._tls.${domain}`)
  if ('failed' in texts) return 'later'
  for (const to of reportAddresses(texts.value)) {
    if (!mayGo(parts, { to, domain, day })) continue
    const mail = await reportMail({ domain, day, policies }, { to, by, at })
    await post({ to, mail, once: `tls-report.${day}.${domain}.${to}`, at })
  }
  return undefined
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
