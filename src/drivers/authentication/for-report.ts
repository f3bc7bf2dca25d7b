// What the domain in From may hear of a message (RFC 9990): the record that applied, and what passed. Nothing where that record asks for no
// reports, or the DNS did not say what it is.

import type { DmarcFound, DmarcPublished } from '../../model/dmarc-row.ts'
import { domainOf } from '../../model/mail-address.ts'
import { reportAddresses } from '../../mail/dmarc/report-request.ts'
import type { Believed } from './believed.ts'
import type { MailauthResult } from './mailauth-result.ts'
import { tagOf } from './signature-tags.ts'

/** Signatures that are told; an honest message has one to three. */
const MOST_SIGNATURES = 4
/** RFC 1035 §2.3.4; a name that is longer is none. */
const LONGEST = 253

export function forReport(
  found: MailauthResult,
  words: Believed,
  sender: string,
): DmarcFound | undefined {
  const { authors, spf } = found
  const dmarc = authors ? authors.found : found.dmarc || undefined
  if (!dmarc?.policyDomain || reportAddresses(dmarc.rr ?? '').length === 0) return undefined
  const { alignment } = dmarc
  const aligned = authors
    ? alignment?.dkim?.result
    : found.dkim.results?.some(({ status }, i) => words.dkim[i] === 'pass' && status.aligned)
  return {
    published: published(dmarc, dmarc.policyDomain),
    dkim: Boolean(aligned),
    spf: Boolean(alignment?.spf?.result),
    headerFrom: words.author.slice(0, LONGEST),
    envelopeFrom: domainOf(sender).slice(0, LONGEST),
    signatures: signatures(found, words),
    spfResult: spf
      ? { domain: named(spf.domain), result: spf.status.result }
      : { domain: '', result: 'none' },
  }
}

type Dmarc = Exclude<MailauthResult['dmarc'], false>

function published(dmarc: Dmarc, domain: string): DmarcPublished {
  const { alignment, testMode, rr = '' } = dmarc
  // Mailauth gives p= where there is no sp=.
  const [sp, np] = [policy(tagOf(`:${rr}`, 'sp')), policy(dmarc.np)]
  return {
    domain,
    p: policy(dmarc.p) ?? 'none',
    ...(sp ? { sp } : {}),
    ...(np ? { np } : {}),
    adkim: alignment?.dkim?.strict ? 's' : 'r',
    aspf: alignment?.spf?.strict ? 's' : 'r',
    testing: testMode,
  }
}

function policy(tag: string | undefined): DmarcPublished['p'] | undefined {
  const word = tag?.trim().toLowerCase()
  return word === 'none' || word === 'quarantine' || word === 'reject' ? word : undefined
}

/** RFC 9990: those that pass and are aligned first, then those that pass. */
function signatures({ dkim }: MailauthResult, words: Believed): DmarcFound['signatures'] {
  return (dkim.results ?? [])
    .flatMap(({ signingDomain, selector, status }, i) => {
      const result = words.dkim[i] ?? 'none'
      if (result === 'none' || !signingDomain) return []
      const rank = result === 'pass' ? (status.aligned ? 0 : 1) : 2
      return [{ rank, domain: named(signingDomain), selector: named(selector), result }]
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST_SIGNATURES)
    .map(({ rank: _rank, ...signature }) => signature)
}

const named = (name: string | undefined): string => (name ?? '').toLowerCase().slice(0, LONGEST)
