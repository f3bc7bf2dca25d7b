// Reports of abuse from a file. The same report twice is one.

import { reportId } from '../../mail/feedback/report-id.ts'
import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { TRACED_BY, type Complaint } from '../../model/complaint.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { done, refused } from './outcome.ts'
import type { OrderParts } from './order-parts.ts'

export async function importReports(
  { complaints }: Pick<OrderParts, 'complaints'>,
  { order: { reports, reporter }, at }: GivenOrderOf<'import-reports'>,
): Promise<OrderOutcome> {
  if (!complaints) return refused('No reports are taken here.')
  const vouched = reporter === undefined ? undefined : organisationalDomain(reporter)
  const taken: Complaint[] = []
  for (const text of reports) {
    const raw = Buffer.from(text, 'base64')
    taken.push(await complaints.take({ id: reportId(raw), raw, at, reporter: vouched }))
  }
  const unread = taken.filter(one => one.unread !== undefined)
  const read = taken.length - unread.length
  const text = `${read} ${read === 1 ? 'report' : 'reports'} read${tracedWords(taken)}.`
  if (unread.length === 0) return done(text)
  const whys = [...new Set(unread.map(one => one.unread))].join(', ')
  return refused(`${text} ${unread.length} could not be read: ${whys}.`)
}

function tracedWords(taken: readonly Complaint[]): string {
  const counts = TRACED_BY.map(by => {
    const count = taken.filter(one => one.unread === undefined && one.tracedBy === by).length
    return count === 0 ? [] : [`${count} by ${by}`]
  })
  const words = counts.flat().join(', ').replace('by unknown', 'about no known customer')
  return words === '' ? '' : `: ${words}`
}
