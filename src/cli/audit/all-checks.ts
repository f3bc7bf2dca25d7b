// The checks of `cordon audit`: one file each in checks/, and one line here, in the order in which they are said.

import { type AuditCheck, type AuditColumn, type Judged, unknown, worstOf } from './audit-check.ts'
import { certificate } from './checks/certificate.ts'
import { clearAuth } from './checks/clear-auth.ts'
import { clientSetup } from './checks/client-setup.ts'
import { dane } from './checks/dane.ts'
import { dkim } from './checks/dkim.ts'
import { dmarc } from './checks/dmarc.ts'
import { inbound } from './checks/inbound.ts'
import { mtaSts } from './checks/mta-sts.ts'
import { relay } from './checks/relay.ts'
import { reverseName } from './checks/reverse-name.ts'
import { spf } from './checks/spf.ts'
import { starttls } from './checks/starttls.ts'
import { submission } from './checks/submission.ts'
import { submissions } from './checks/submissions.ts'
import { tlsVersions } from './checks/tls-versions.ts'
import type { AuditRecord, Elsewhere } from './record.ts'

const CHECKS: readonly AuditCheck[] = [
  submission,
  submissions,
  clearAuth,
  inbound,
  relay,
  starttls,
  tlsVersions,
  certificate,
  reverseName,
  spf,
  dkim,
  dmarc,
  mtaSts,
  dane,
  clientSetup,
]

export type AuditFinding = Judged & { readonly check: string; readonly column: AuditColumn }

export const findingsOf = (record: AuditRecord): readonly AuditFinding[] => {
  const nowhere = isNowhere(record) ? unknown(nowhereWords(record)) : undefined
  return CHECKS.flatMap(({ name, column, judge }) => {
    if (nowhere) return [{ check: name, column, ...nowhere }]
    const here = judge(record)
    const judged = worstOf([
      here,
      ...record.elsewhere.map(one => named(one.place, judge(asThere(record, one)), here)),
    ])
    return judged ? [{ check: name, column, ...judged }] : []
  })
}

/** A slip of the pen, or a domain without mail: there is nothing to mend. */
const isNowhere = ({ exchangers, reverse, setup }: AuditRecord): boolean =>
  'value' in exchangers &&
  exchangers.value.length === 0 &&
  'value' in reverse &&
  reverse.value.length === 0 &&
  'value' in setup &&
  setup.value.services.length === 0

const nowhereWords = ({ host }: AuditRecord): string =>
  `${host} has neither an address nor a mail exchanger in the DNS`

const asThere = (here: AuditRecord, there: Elsewhere): AuditRecord => ({
  ...here,
  relayForbidden: undefined,
  ...there,
  unreached: [],
})

/** What is not good, and not so everywhere, says where. */
const named = (place: string, judged: Judged | undefined, here: Judged | undefined) =>
  judged && judged.state !== 'good' && judged.said !== here?.said
    ? { ...judged, said: `${place}: ${judged.said}` }
    : judged
