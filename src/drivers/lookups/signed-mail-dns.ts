// What the DNS says of a domain's mail servers, and whether it is signed (DNSSEC): only with a resolver on this machine that validates. What is asked
// again within a minute is not asked again of the resolver.

import { SECOND } from '../../model/duration.ts'
import { hasCome } from '../../model/has-come.ts'
import { canonicalIp } from '../../model/ip.ts'
import type { DnsAnswer } from '../../ports/resolver.ts'
import { type Tlsa, tlsaIn } from '../../wire/dane.ts'
import { atMost } from '../at-most.ts'
import { Generations } from '../../wire/generations.ts'
import { isQueryName } from './query-name.ts'
import { DNS_TYPE, type DnsType, type ValidatedAnswer, type ValidatedDns } from './validated-dns.ts'

export type Signed<T> = { readonly found: T; readonly secure: boolean }
export type MailExchanger = { readonly host: string; readonly preference: number }

export type SignedMailDns = {
  /** Whether the resolver validates at all: the root is signed, and it says so, or not. */
  validates(): Promise<DnsAnswer<boolean>>
  /** In order of preference; `owner`: the domain, or what it is an alias of. */
  mx(
    domain: string,
  ): Promise<DnsAnswer<Signed<readonly MailExchanger[]> & { readonly owner: string }>>
  addresses(
    host: string,
  ): Promise<DnsAnswer<Signed<readonly string[]> & { readonly owner: string }>>
  /** Signed records of the first of the names that has any (RFC 7672 §2.2.3); none where nothing is signed there. */
  tlsa(names: readonly string[], port: number): Promise<DnsAnswer<FoundTlsa | undefined>>
  /** Whether the host is an alias, and that alias is signed. */
  isSignedAlias(host: string): Promise<DnsAnswer<boolean>>
}

/** `base`: the server's name in them. */
export type FoundTlsa = { readonly base: string; readonly records: readonly Tlsa[] }

/** ms for which an answer is kept; the resolver keeps it for as long as its owner says. */
const KEPT = 60 * SECOND
/** Octets of all answers that are kept, and what one needs besides. */
const MOST_KEPT = 16 * 1024 * 1024
const ENTRY = 400
/** Questions to the resolver at a time, each with a socket of its own. */
const AT_ONCE = 100
const [OK, NO_SUCH_NAME, SERVFAIL] = [0, 3, 2]

export function signedMailDns(validated: ValidatedDns, now: () => number): SignedMailDns {
  const ask = remembered(atMost(AT_ONCE, validated), now)

  const told = async <T>(
    name: string,
    work: () => Promise<DnsAnswer<T>>,
  ): Promise<DnsAnswer<T>> => {
    if (name !== '' && !isQueryName(name)) return { failed: 'bad-name' }
    return work().catch(() => ({ failed: 'timeout' }) as const)
  }
  const answered = async (name: string, type: DnsType): Promise<DnsAnswer<ValidatedAnswer>> => {
    const answer = await ask(name, type)
    // A signature that is wrong looks so, too.
    return answer.code === OK || answer.code === NO_SUCH_NAME
      ? { value: answer }
      : { failed: 'servfail' }
  }

  return {
    validates: () =>
      told('', async () => {
        const { code, secure } = await ask('', DNS_TYPE.ns)
        return code === SERVFAIL ? { failed: 'servfail' } : { value: secure }
      }),
    mx: domain =>
      told(domain, async () => {
        const answer = await answered(domain, DNS_TYPE.mx)
        if ('failed' in answer) return answer
        const { data, secure, owner } = answer.value
        const found = data.map(exchangerIn).toSorted((a, b) => a.preference - b.preference)
        return { value: { found, secure, owner } }
      }),
    addresses: host =>
      told(host, async () => {
        const [six, four] = await Promise.all([
          answered(host, DNS_TYPE.aaaa),
          answered(host, DNS_TYPE.a),
        ])
        // One of the two is enough to go there; "none" of the one and no answer of the other is not "no address".
        const there = [six, four].flatMap(one => ('value' in one ? one.value : []))
        const failed = [four, six].find(one => 'failed' in one)
        if (failed && 'failed' in failed && there.every(one => one.data.length === 0)) return failed
        const having = there.filter(one => one.data.length > 0)
        const [best] = having
        const found = having.flatMap(one => one.data.map(addressIn))
        const secure = having.length > 0 && having.every(one => one.secure)
        return { value: { found, secure, owner: best?.owner ?? host } }
      }),
    isSignedAlias: host =>
      told(host, async () => {
        const answer = await answered(host, DNS_TYPE.cname)
        if ('failed' in answer) return answer
        return { value: answer.value.secure && answer.value.data.length > 0 }
      }),
    tlsa: (names, port) =>
      firstTlsa(names, port, name => told(name, () => answered(name, DNS_TYPE.tlsa))),
  }
}

async function firstTlsa(
  names: readonly string[],
  port: number,
  ask: (name: string) => Promise<DnsAnswer<ValidatedAnswer>>,
): Promise<DnsAnswer<FoundTlsa | undefined>> {
  for (const base of new Set(names)) {
    const answer = await ask(`_${port}._tcp.${base}`)
    // Of a name that is too long with that in front there is none.
    if ('failed' in answer && answer.failed === 'bad-name') continue
    if ('failed' in answer) return answer
    const { secure, data } = answer.value
    if (secure && data.length > 0) return { value: { base, records: data.map(tlsaIn) } }
  }
  return { value: undefined }
}

const exchangerIn = (data: Buffer): MailExchanger => ({
  preference: data.readUInt16BE(0),
  host: data.toString('latin1', 2),
})

function addressIn(data: Buffer): string {
  if (data.length === 4) return data.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => data.readUInt16BE(2 * i).toString(16))
  return canonicalIp(groups.join(':')) ?? groups.join(':')
}

/** Many messages for one domain ask the same at once. Failures are not kept. */
function remembered(ask: ValidatedDns, now: () => number): ValidatedDns {
  const memory = new Generations<{ until: number; answer: ValidatedAnswer }>({
    most: MOST_KEPT,
    keep: KEPT,
  })
  const waiting = new Map<string, Promise<ValidatedAnswer>>()
  const first = async (key: string, name: string, type: DnsType): Promise<ValidatedAnswer> => {
    const answer = await ask(name, type)
    const at = now()
    const weight = answer.data.reduce((sum, one) => sum + one.length + 100, ENTRY + key.length)
    if (answer.code === OK || answer.code === NO_SUCH_NAME)
      memory.put(key, { value: { until: at + KEPT, answer }, weight, at })
    return answer
  }
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`
    const at = now()
    const known = memory.get(key, at)
    // What was kept while the clock was ahead is asked anew.
    if (known && !hasCome(known.until, at, KEPT)) return Promise.resolve(known.answer)
    const asked = waiting.get(key) ?? first(key, name, type).finally(() => waiting.delete(key))
    waiting.set(key, asked)
    return asked
  }
}
