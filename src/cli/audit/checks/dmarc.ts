// DMARC (RFC 7489): what receivers are to do with mail that is not the domain's.

import { type AuditCheck, good, type Judged, note, unknown, wrong } from '../audit-check.ts'

export const dmarc: AuditCheck = {
  name: 'dmarc',
  column: 'DMARC',
  judge: ({ dmarc: seen, domain }) => {
    if ('unknown' in seen) return unknown(seen.unknown)
    const { records, from } = seen.value
    const [record] = records
    if (record === undefined)
      return wrong(
        `${domain} has no DMARC record`,
        `_dmarc.${domain}. TXT "v=DMARC1; p=none; rua=mailto:…", and p=quarantine or p=reject when the reports are clean`,
      )
    if (records.length > 1)
      return wrong(
        `${from} has ${records.length} DMARC records`,
        'keep one: with more there is none (RFC 7489 §6.6.3)',
      )
    const tags = tagsOf(record)
    // Of a domain below the one whose record it is, its sp= is asked first.
    const policy = (from === domain ? undefined : tags.get('sp')) ?? tags.get('p')
    if (policy === 'quarantine' || policy === 'reject') return strict(policy, tags)
    if (policy === 'none')
      return note(
        `DMARC only watches (p=none): ${record}`,
        'p=quarantine, then p=reject, when the reports show that your own mail passes',
      )
    return wrong(
      `the DMARC record has no policy that receivers know: ${record}`,
      'v=DMARC1; p=reject; rua=mailto:…',
    )
  },
}

/** RFC 7489 §6.3; in its successor t=y has the place of a pct= below 100. */
function strict(policy: string, tags: ReadonlyMap<string, string>): Judged {
  const share = tags.get('pct')
  if (share !== undefined && share !== '100')
    return note(`p=${policy} is for ${share} % of mail (pct=)`, 'take pct= out of the record')
  if (tags.get('t') === 'y')
    return note(`p=${policy} says that it is a test (t=y)`, 'take t=y out of the record')
  return good(`p=${policy}`)
}

const tagsOf = (record: string): ReadonlyMap<string, string> =>
  new Map(
    record.split(';').map(tag => {
      const [name = '', value = ''] = tag.split('=')
      return [name.trim().toLowerCase(), value.trim().toLowerCase()] as const
    }),
  )
