// What the DNS says of a host and its domain, each as one question that may have no answer.

import { spfChecker } from '../../../drivers/lookups/spf.ts'
import { spfBreadth } from '../../../drivers/lookups/spf-breadth.ts'
import type { Dns } from '../../../drivers/lookups/node-resolver.ts'
import { DNS_TYPE, type ValidatedDns } from '../../../drivers/lookups/validated-dns.ts'
import { isStsRecord } from '../../../mail/mta-sts-policy.ts'
import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import { wordsOf } from '../../../model/errors.ts'
import { tlsaIn } from '../../../wire/dane.ts'
import type { DnsAnswer, Resolver } from '../../../ports/resolver.ts'
import type {
  ReverseName,
  AuditAnswer,
  SeenDkim,
  SeenDmarc,
  SeenService,
  SeenSpf,
  SeenTlsa,
} from '../record.ts'

/** Of more addresses, and of their names, the rest is not asked about. */
const MAX_ADDRESSES = 10
/** Characters of a record that is kept. */
const MAX_RECORD = 2000
/** That programs choose by themselves, and large providers. */
const USUAL_SELECTORS = [
  'cordon',
  'default',
  'dkim',
  'mail',
  'selector1',
  'selector2',
  'google',
  's1',
  's2',
  'k1',
]

export type AskedDns = {
  readonly dns: Dns
  readonly resolver: Resolver
  /** Undefined where no resolver is on this machine. */
  readonly validated: ValidatedDns | undefined
}

/** Throws where there is no answer. */
export async function must<T>(name: string, asked: Promise<DnsAnswer<T>>): Promise<T> {
  const answer = await asked
  if ('failed' in answer) throw new Error(`the DNS has no answer for ${name}: ${answer.failed}`)
  return answer.value
}

export async function seen<T>(work: Promise<T>): Promise<AuditAnswer<T>> {
  try {
    return { value: await work }
  } catch (error) {
    return { unknown: wordsOf(error) }
  }
}

export async function reverseNames(
  { resolver }: AskedDns,
  addresses: readonly string[],
): Promise<readonly ReverseName[]> {
  return Promise.all(
    addresses.slice(0, MAX_ADDRESSES).map(async address => {
      const names = (await must(address, resolver.names(address))).slice(0, MAX_ADDRESSES)
      const back = await Promise.all(names.map(name => must(name, resolver.addresses(name))))
      return { address, names, confirmed: names.filter((_, i) => back[i]?.includes(address)) }
    }),
  )
}

export async function spfOf(
  { dns, resolver }: AskedDns,
  {
    domain,
    host,
    addresses,
  }: { readonly domain: string; readonly host: string; readonly addresses: readonly string[] },
): Promise<SeenSpf> {
  const records = await textsOf(resolver, domain, /^v=spf1(?: |$)/i)
  if (records.length !== 1) return { records, breadth: 0, results: [] }
  const spf = spfChecker(dns, () => Date.now())
  const results = addresses.slice(0, MAX_ADDRESSES).map(async address => {
    const { result } = await spf({ address, sender: `postmaster@${domain}`, helo: host })
    return { address, result }
  })
  const [breadth, ...judged] = await Promise.all([spfBreadth(resolver, domain), ...results])
  return { records, breadth, results: judged }
}

async function textsOf(
  resolver: Resolver,
  name: string,
  form: { test(text: string): boolean },
): Promise<readonly string[]> {
  const texts = await must(name, resolver.texts(name))
  return texts.filter(text => form.test(text)).map(text => text.slice(0, MAX_RECORD))
}

export async function dkimOf(
  { dns, resolver }: AskedDns,
  domain: string,
  named: readonly string[],
): Promise<SeenDkim> {
  const asked = await Promise.all(
    (named.length > 0 ? named : USUAL_SELECTORS).map(async selector => {
      const name = `${selector}._domainkey.${domain}`
      const [record] = (await must(name, resolver.texts(name))).filter(text => text.includes('p='))
      return { selector, record: record?.slice(0, MAX_RECORD) }
    }),
  )
  return {
    keys: asked.flatMap(({ selector, record }) =>
      record === undefined ? [] : [{ selector, record }],
    ),
    missing: asked.flatMap(({ selector, record }) =>
      named.length > 0 && record === undefined ? [selector] : [],
    ),
    hasAny: await seen(hasNamesBelow(dns, `_domainkey.${domain}`)),
  }
}

/** RFC 8020: a name without records is not "no such name" while there is one below it. */
async function hasNamesBelow(dns: Dns, name: string): Promise<boolean> {
  try {
    await dns.resolve(name, 'TXT')
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENODATA') return true
    if (code === 'ENOTFOUND') return false
    throw new Error(`the DNS has no answer for ${name}`, { cause: error })
  }
}

/** RFC 7489 §6.6.3: of the domain, or else of the organisational one. */
export async function dmarcOf({ resolver }: AskedDns, domain: string): Promise<SeenDmarc> {
  const ask = async (from: string) => ({
    from,
    records: await textsOf(resolver, `_dmarc.${from}`, /^v=DMARC1\s*(?:;|$)/i),
  })
  const own = await ask(domain)
  const organisation = organisationalDomain(domain)
  return own.records.length > 0 || organisation === domain ? own : ask(organisation)
}

export const stsRecords = ({ resolver }: AskedDns, domain: string): Promise<readonly string[]> =>
  textsOf(resolver, `_mta-sts.${domain}`, { test: isStsRecord })

export const NEEDS_VALIDATION =
  'TLSA is only believed of a resolver on this machine that validates: install unbound, and say --resolver 127.0.0.1'

/** `domain`: whose MX the host is, if it is one. */
export async function tlsaOf(
  { validated }: AskedDns,
  host: string,
  domain: string | undefined,
): Promise<AuditAnswer<SeenTlsa> | { readonly needs: string }> {
  if (!validated) return { needs: NEEDS_VALIDATION }
  return seen(asked(validated, host, domain)).then(found =>
    'value' in found && found.value === undefined
      ? { needs: NEEDS_VALIDATION }
      : (found as AuditAnswer<SeenTlsa>),
  )
}

/** Undefined where the resolver validates nothing. */
async function asked(
  validated: ValidatedDns,
  host: string,
  domain: string | undefined,
): Promise<SeenTlsa | undefined> {
  const { data, secure, code } = await validated(`_25._tcp.${host}`, DNS_TYPE.tlsa)
  // A signature that is wrong looks like no answer.
  if (code !== 0 && code !== 3)
    throw new Error(
      `the resolver has no answer for _25._tcp.${host}: an error, or a signature that is wrong`,
    )
  const records = data.filter(one => one.length > 3).map(tlsaIn)
  if (records.length === 0) return { records, secure }
  if (secure) return { records, secure: await isSignedTo(validated, host, domain) }
  // The root is signed: a resolver that validates says so.
  return (await validated('', DNS_TYPE.ns)).secure ? { records, secure } : undefined
}

/** RFC 7672 §2.2: a TLSA record counts where the MX and the addresses that lead to it are signed, too. */
async function isSignedTo(
  validated: ValidatedDns,
  host: string,
  domain: string | undefined,
): Promise<boolean> {
  const answers = await Promise.all([
    validated(host, DNS_TYPE.a),
    validated(host, DNS_TYPE.aaaa),
    ...(domain === undefined ? [] : [validated(domain, DNS_TYPE.mx)]),
  ])
  const there = answers.filter(({ data }) => data.length > 0)
  return there.length > 0 && there.every(one => one.secure)
}

/** Of sending and of reading; in RFC 8314's order of preference. */
const SERVICES = ['_submissions', '_submission'] as const

export async function servicesOf(
  { dns }: AskedDns,
  domain: string,
): Promise<readonly SeenService[]> {
  const found = await Promise.all(
    SERVICES.map(async service =>
      (await srv(dns, `${service}._tcp.${domain}`)).map(({ name, port }) => ({
        service: service.slice(1),
        host: name.toLowerCase().replace(/\.$/, ''),
        port,
      })),
    ),
  )
  // RFC 2782: a target of the root says that there is none.
  return found.flat().filter(({ host }) => host !== '')
}

type SrvAnswer = { readonly name: string; readonly port: number; readonly priority: number }

async function srv(dns: Dns, name: string): Promise<readonly SrvAnswer[]> {
  try {
    const found = (await dns.resolve(name, 'SRV')) as readonly SrvAnswer[]
    return found.toSorted((a, b) => a.priority - b.priority)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENODATA' || code === 'ENOTFOUND') return []
    throw new Error(`the DNS has no answer for ${name}`, { cause: error })
  }
}
