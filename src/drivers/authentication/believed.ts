// What we believe of mailauth's answer. It is never believed more than mailauth says, and less where the names of a signature are not
// legal, where a signature leaves a part of the body open, where it was not shown all of the message, or where two of its names do not agree.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { isQueryName } from '../lookups/query-name.ts'
import { authorDomains, domainsIn } from './author-domains.ts'
import type { Passed } from './author-results.ts'
import type { LeftOut } from './left-out.ts'
import type { MailauthResult } from './mailauth-result.ts'

/** Results in the words of RFC 8601 §2.7; `dkim` in the order of the signatures. */
export type Believed = {
  readonly dkim: readonly string[]
  readonly dmarc: string
  readonly arc: string
  /** The domain that signed the last set of the chain and its seal: without one no domain vouches for it. */
  readonly sealer: string | undefined
  /** The domain of From, as it was asked about; of several the one whose result counts; empty when there is none. */
  readonly author: string
  /** What that domain wants done with mail that fails. */
  readonly policy: string
}

export function believed(found: MailauthResult): Believed {
  const dkim = signatures(found)
  const author = authorOf(found)
  const { dmarc, authors } = found
  return {
    dkim,
    author,
    policy: (authors ?? (dmarc === false ? undefined : dmarc))?.policy ?? 'none',
    dmarc: isUndecided(found, author, dkim) ? 'temperror' : dmarcOf(found, author, dkim),
    arc: arcOf(found),
    sealer: sealerOf(found),
  }
}

/** Something passed for mailauth that does not pass for us: what it wrote about the message is not to be signed. */
export function disbelieves({ dkim, dmarc, arc, left }: MailauthResult, words: Believed): boolean {
  // The seal would be over what mailauth was shown.
  if (left.altered !== undefined || left.signatures + left.sets > 0) return true
  const signatures = (dkim.results ?? []).map(({ status }) => status.result)
  return (
    signatures.some((result, i) => result === 'pass' && words.dkim[i] !== 'pass') ||
    (dmarc !== false && dmarc.status.result === 'pass' && words.dmarc !== 'pass') ||
    (arc !== false && arc.status.result === 'pass' && words.arc !== 'pass')
  )
}

/** The domains that DMARC may go by. */
export function passedFor(found: MailauthResult): Passed {
  const { spf } = found
  const words = signatures(found)
  return {
    spf: spf && spf.status.result === 'pass' ? [spf.domain ?? ''] : [],
    dkim: (found.dkim.results ?? []).flatMap(({ signingDomain = '' }, i) =>
      words[i] === 'pass' ? [signingDomain] : [],
    ),
  }
}

type Signature = NonNullable<MailauthResult['dkim']['results']>[number]

const signatures = ({ dkim, left }: MailauthResult): readonly string[] =>
  (dkim.results ?? []).map(one => signature(one, left))

function signature(one: Signature, left: LeftOut): string {
  const { result } = one.status
  // Not signed at all.
  if (result === 'none') return result
  if (!hasLegalNames(one) || !hasLegalTags(one)) return 'permerror'
  // RFC 6376 §6.1.2: the key has no form that can be used, or is too large (key-answers.ts).
  if (result === 'neutral' && one.status.comment === 'invalid public key') return 'permerror'
  // The signature is over a part that mailauth was not shown.
  if (left.altered !== undefined && (result === 'pass' || result === 'fail')) return 'policy'
  // RFC 6376 §3.5: `l=` MUST NOT be larger than the body.
  const { canonBodyLengthLimit: said = 0, canonBodyLengthTotal: whole } = one
  if (whole !== undefined && said > whole) return 'permerror'
  // RFC 6376 §8.2: a server that passes it on may add to the body what it likes.
  return result === 'pass' && one.status.underSized ? 'policy' : result
}

/** `s=` and `d=` as they are put together for the question, and the domain of `i=`. */
function hasLegalNames({ status, signingDomain = '', selector = '' }: Signature): boolean {
  const identity: unknown = status.header?.i
  return (
    isQueryName(keyName(selector, signingDomain)) &&
    (typeof identity !== 'string' || isQueryName(identity.slice(identity.lastIndexOf('@') + 1)))
  )
}

/** RFC 6376 §3.5: the forms of tags of which mailauth reads only a beginning. Nothing is asked of a field that it did not use. */
const FORMS: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    c: /^(?:simple|relaxed)(?:\/(?:simple|relaxed))?$/i,
    b: /^[A-Za-z\d+/]*={0,2}$/,
    bh: /^[A-Za-z\d+/]+={0,2}$/,
    // Names of fields, RFC 5322 §3.6.8.
    h: /^[!-9<-~]+(?::[!-9<-~]+)*$/,
    // Of the ways to ask for a key one must be known.
    q: /(?:^|:)dns\/txt(?::|$)/i,
  }),
)

const hasLegalTags = (signature: Signature): boolean =>
  tagsOf(signature).every(tag => {
    const equals = tag.indexOf('=')
    const form = FORMS.get(tag.slice(0, equals).trim())
    return !form || form.test(tag.slice(equals + 1).replaceAll(/[ \t\r\n]+/g, ''))
  })

/** As `name=value`, with space around both. */
function tagsOf({ signingHeaders }: Signature): readonly string[] {
  const used = Buffer.from(signingHeaders?.canonicalizedHeader ?? '', 'base64').toString('latin1')
  // The signature itself is the last of what is signed, with nothing behind `b=`.
  const field = used.split(/\r\n(?![ \t])/).findLast(one => one !== '') ?? ''
  return field.slice(field.indexOf(':') + 1).split(';')
}

const keyName = (selector: string, domain: string) => `${selector}._domainkey.${domain}`

/** In lower case with A-labels, without the dot of the root, which mailauth does not ask with. */
function authorOf({ dmarc, authors }: MailauthResult): string {
  if (authors) return authors.domain
  const from: unknown = dmarc === false ? '' : dmarc.status.header?.from
  return typeof from === 'string' ? from.replace(/\.$/, '') : ''
}

function dmarcOf(found: MailauthResult, author: string, dkim: readonly string[]): string {
  const { dmarc, dmarcSkipReason, authors } = found
  // More than one From field is a way round DMARC.
  if (dmarcSkipReason === 'multiple-from-fields') return 'several'
  if (authors) return authors.result
  // An address in brackets has no record, and nothing is asked.
  if (dmarc === false || author.startsWith('[')) return 'none'
  if (!isQueryName(author)) return 'permerror'
  const { result } = dmarc.status
  if (result !== 'pass') return result
  const signed = (found.dkim.results ?? []).some(
    ({ status }, i) => dkim[i] === 'pass' && Boolean(status.aligned),
  )
  return signed || dmarc.alignment?.spf?.result ? 'pass' : 'fail'
}

/** DMARC would fail, but a signature of the author's, or its SPF record, was not to be had for now. */
function isUndecided(found: MailauthResult, author: string, dkim: readonly string[]): boolean {
  if (dmarcOf(found, author, dkim) !== 'fail') return false
  const { spf } = found
  const waiting = [
    ...(spf && spf.status.result === 'temperror' ? [spf.domain ?? ''] : []),
    ...(found.dkim.results ?? []).flatMap(({ signingDomain = '' }, i) =>
      dkim[i] === 'temperror' ? [signingDomain] : [],
    ),
  ]
  const theirs = organisationalDomain(author)
  return waiting.some(domain => organisationalDomain(domain.toLowerCase()) === theirs)
}

function arcOf({ arc, left }: MailauthResult): string {
  if (arc === false) return 'none'
  const { result } = arc.status
  if (result !== 'pass') return result
  const last = arc.signature
  const whole = last && signature(last, left) === 'pass' && !hasVersion(last)
  const legal = sealsOf(arc).every(({ d, s }) => isQueryName(keyName(s, d)))
  return whole && legal ? 'pass' : 'fail'
}

/** RFC 8617 §4.1.2: an ARC-Message-Signature has no `v=`. */
const hasVersion = (signature: Signature): boolean =>
  tagsOf(signature).some(tag => /^\s*v\s*=/.test(tag))

/** What the last sealer found of DMARC for the domain in From; of another domain it says nothing, nor where several may be read there now. */
export function dmarcBefore(found: MailauthResult): string | undefined {
  const before = found.arc === false ? undefined : found.arc.authenticationResults?.dmarc
  const from: unknown = before?.header?.from
  const [domain, ...more] = typeof from === 'string' ? domainsIn(`@${from}`) : []
  if (domain === undefined || more.length > 0) return undefined
  const passed = organisationalDomain(domain)
  const authors = authorDomains(found) ?? []
  const isOfAll = authors.length > 0 && authors.every(one => organisationalDomain(one) === passed)
  return isOfAll ? before?.result : undefined
}

/**
 * The seal covers what was found, the signature covers the message. If two domains made them, one of them took the signature of the
 * other and wrote results of its own beside it.
 */
function sealerOf({ arc }: MailauthResult): string | undefined {
  const seal = arc === false ? undefined : sealsOf(arc).at(-1)
  if (arc === false || !seal || !arc.signature) return undefined
  const domain = seal.d.toLowerCase()
  return domain === (arc.signature.signingDomain ?? '').toLowerCase() ? domain : undefined
}

type Arc = Exclude<MailauthResult['arc'], false>

/** `chain` is false where there is none, whatever its type says. */
const sealsOf = ({ chain }: Arc): { readonly d: string; readonly s: string }[] =>
  [...(chain || [])].map(set => {
    const { d, s } = set['arc-seal']?.parsed ?? {}
    return { d: String(d?.value ?? ''), s: String(s?.value ?? '') }
  })
