// Sends each day's reports of TLS to the domains that want them (RFC 8460 §5), some hours after midnight in UTC, so that not all servers of the world write
// to one domain at once. Whether it was sent is told by the queue, which takes a report once.

import { createHash } from 'node:crypto'
import { reportAddresses, reportMail, type TlsReporter } from '../../../mail/tls-report.ts'
import { DAY, HOUR } from '../../../model/duration.ts'
import { parseTime } from '../../../model/time.ts'
import type { Records } from '../../../ports/records.ts'
import type { Resolver } from '../../../ports/resolver.ts'
import type { CountedDay, TlsCounts } from './tls-counts.ts'

export type TlsReportsParts = {
  readonly counts: Pick<TlsCounts, 'write'>
  readonly records: Records<CountedDay>
  readonly resolver: Pick<Resolver, 'texts'>
  readonly by: TlsReporter
  /** Puts a report into the queue; `once`: its name, of which the queue takes one. */
  readonly post: (report: {
    readonly to: string
    readonly mail: Buffer
    readonly once: string
    readonly at: number
  }) => Promise<void>
}

/** RFC 8460 §5: a report is sent at some time in these hours after its day. */
const SPREAD = 4 * HOUR
/** A report that could not be sent by then is given up. */
const KEPT = 3 * DAY

export async function sendTlsReports(parts: TlsReportsParts, at: number): Promise<void> {
  const { records, counts } = parts
  await counts.write()
  for (const counted of Array.from(records.all())) {
    const [day = '', domain = ''] = counted.id.split(' ')
    const over = (parseTime(`${day}T00:00:00Z`) ?? 0) + DAY
    // A clock that was ahead has counted for a day that is still to come.
    if (Math.abs(at - over) > KEPT) await records.change(counted.id, () => 'gone')
    else if (at >= over + delayOf(domain)) await sendOne(parts, { counted, day, domain, at })
  }
}

async function sendOne(
  { records, resolver, by, post }: TlsReportsParts,
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
  const texts = await resolver.texts(`_smtp._tls.${domain}`)
  if ('failed' in texts) return
  const report = { domain, day, policies: counted.policies }
  for (const to of reportAddresses(texts.value)) {
    const mail = await reportMail(report, { to, by, at })
    await post({ to, mail, once: `tls-report.${day}.${domain}.${to}`, at })
  }
  await records.change(counted.id, () => 'gone')
}

/** The same every day. */
const delayOf = (domain: string): number =>
  (createHash('sha256').update(domain).digest().readUInt32BE(0) / 2 ** 32) * SPREAD
