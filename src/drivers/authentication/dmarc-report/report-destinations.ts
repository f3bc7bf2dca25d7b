// Where a report may go: an address of another organisation has to agree that it wants reports about this domain (RFC 9990), or anyone
// could have a stranger's mailbox filled with them.

import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import {
  dmarcRecords,
  type ReportAddress,
  reportAddresses,
} from '../../../mail/dmarc/report-request.ts'
import { domainOf } from '../../../model/mail-address.ts'
import type { Resolver } from '../../../ports/resolver.ts'
import { isQueryName } from '../../lookups/query-name.ts'

/** `later`: the DNS did not say whether it may. */
export async function destinations(
  resolver: Pick<Resolver, 'texts'>,
  domain: string,
  asked: ReportAddress,
): Promise<readonly ReportAddress[] | 'later'> {
  const host = domainOf(asked.to).toLowerCase()
  if (organisationalDomain(host) === organisationalDomain(domain)) return [asked]
  const name = `${domain}._report._dmarc.${host}`
  if (!isQueryName(name)) return []
  const texts = await resolver.texts(name)
  if ('failed' in texts) return texts.failed === 'bad-name' ? [] : 'later'
  const records = dmarcRecords(texts.value)
  if (records.length === 0) return []
  const instead = records.flatMap(reportAddresses)
  // It may name another mailbox of its own, and not one of others.
  if (instead.some(({ to }) => domainOf(to).toLowerCase() !== host)) return []
  return instead.length > 0 ? instead : [asked]
}
