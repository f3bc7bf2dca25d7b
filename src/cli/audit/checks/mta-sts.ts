// MTA-STS (RFC 8461): others are told to hand over mail in TLS only, so that it cannot be read on the way.

import {
  isStsType,
  matchesSts,
  parseStsPolicy,
  type StsPolicy,
  stsIdOf,
} from '../../../mail/mta-sts-policy.ts'
import { DAY } from '../../../model/duration.ts'
import { type AuditCheck, good, type Judged, note, unknown, wrong } from '../audit-check.ts'
import type { WebPage } from '../../../drivers/lookups/web-page.ts'
import type { AuditRecord } from '../record.ts'

export const mtaSts: AuditCheck = {
  name: 'mta-sts',
  column: 'STS',
  judge: record => {
    const { sts, domain } = record
    if ('unknown' in sts) return unknown(sts.unknown)
    const { records, policy } = sts.value
    const [text] = records
    if (text === undefined) return none(record)
    if (records.length > 1)
      return wrong(
        `${domain} has ${records.length} MTA-STS records`,
        'keep one: with more there is none (RFC 8461 §3.1)',
      )
    if (stsIdOf(text) === undefined)
      return wrong(
        `the MTA-STS record has no id: ${text}`,
        `_mta-sts.${domain}. TXT "v=STSv1; id=20260101"`,
      )
    if (!policy || 'unknown' in policy)
      return unknown(`https://mta-sts.${domain}: ${policy?.unknown ?? 'it was not asked'}`)
    if ('broken' in policy)
      return wrong(`no policy on https://mta-sts.${domain}: ${policy.broken}`, SERVE)
    return judgedPage(policy.value, record)
  },
}

/** The policy as others take it; undefined where they take none. */
export function policyOf({ sts }: AuditRecord): StsPolicy | undefined {
  if (!('value' in sts) || sts.value.records.length !== 1) return undefined
  const page = sts.value.policy
  if (!page || !('value' in page) || page.value.status !== 200) return undefined
  const read = parseStsPolicy(page.value.text)
  return 'policy' in read ? read.policy : undefined
}

function judgedPage({ status, type, text }: WebPage, { domain, exchangers }: AuditRecord): Judged {
  if (status !== 200) return wrong(`https://mta-sts.${domain} answers ${status}`, SERVE)
  if (!isStsType(type)) return wrong(`the policy is served as ${type || 'no type'}`, SERVE)
  const read = parseStsPolicy(text)
  if ('wrong' in read) return wrong(`the MTA-STS policy: ${read.wrong}`, SERVE)
  const { mode, mx, maxAge } = read.policy
  if ('unknown' in exchangers) return unknown(`MX of ${domain}: ${exchangers.unknown}`)
  const other = exchangers.value.filter(host => !matchesSts(mx, host))
  if (other.length > 0 && mode !== 'none')
    return wrong(
      `the MTA-STS policy does not name the MX ${other.join(', ')}`,
      'write every MX into the policy, with a new id in the record',
    )
  if (mode !== 'enforce')
    return note(
      `MTA-STS is in mode ${mode}`,
      'mode: enforce, with a new id in the record, when the reports are clean',
    )
  if (maxAge * 1000 < DAY)
    return note(`the MTA-STS policy is kept for ${maxAge} s only`, 'max_age: 604800 or more')
  return good('MTA-STS enforced')
}

function none({ tlsa, domain }: AuditRecord): Judged {
  const said = `${domain} has no MTA-STS`
  const mend = `_mta-sts.${domain}. TXT "v=STSv1; id=…", and a policy on https://mta-sts.${domain}/.well-known/mta-sts.txt; or DANE`
  const isDane = 'value' in tlsa && tlsa.value.secure && tlsa.value.records.length > 0
  // One of the two is enough.
  return isDane ? note(said, mend) : wrong(`${said}: mail for it may be read on the way`, mend)
}

const SERVE =
  'serve it as text/plain at /.well-known/mta-sts.txt, with a certificate of that name and without a redirect (RFC 8461 §3.3)'
