// Questions to the DNS, with a time budget and a bounded memory of answers.

import { BoundedMap } from '../../model/bounded-map.ts'
import { canonicalIp, parseIp } from '../../model/ip.ts'
import { pointerName } from '../../model/reverse-name.ts'
import type { DnsAnswer, Resolver } from '../../ports/resolver.ts'
import { nodeResolver } from './node-resolver.ts'
import { isQueryName } from './query-name.ts'

/** Time for one question with all that follows from it, ms. */
const BUDGET = 5000
/** How long an answer is kept, ms. */
const KEPT = 60_000
/** Answers kept; the oldest are dropped first. */
const MAX_KEPT = 20_000
/** How node:dns calls each failure; what has another code is said to be a timeout. */
const CODES = { timeout: 'ETIMEOUT', servfail: 'ESERVFAIL', 'bad-name': 'EBADNAME' } as const

/** `servers`: `address` or `address:port`; the system's own when empty. */
export function dnsResolver(servers: readonly string[], now: () => number): Resolver {
  const dns = nodeResolver(servers, BUDGET / 2)
  const memory = new BoundedMap<string, { until: number; answer: DnsAnswer<unknown> }>(MAX_KEPT)

  /** Questions that are on their way: many clients that come at once ask the same. */
  const waiting = new Map<string, Promise<DnsAnswer<unknown>>>()

  async function remembered<T>(key: string, ask: () => Promise<T>, none: T): Promise<DnsAnswer<T>> {
    const known = memory.get(key)
    if (known && known.until > now()) return known.answer as DnsAnswer<T>
    const asked = waiting.get(key) ?? first(key, ask, none)
    return (await asked) as DnsAnswer<T>
  }

  function first<T>(key: string, ask: () => Promise<T>, none: T): Promise<DnsAnswer<T>> {
    const asked = answered(key, ask, none).finally(() => waiting.delete(key))
    waiting.set(key, asked)
    return asked
  }

  async function answered<T>(key: string, ask: () => Promise<T>, none: T): Promise<DnsAnswer<T>> {
    const answer = await answerOf(ask, none)
    if ('value' in answer) memory.set(key, { until: now() + KEPT, answer })
    return answer
  }

  return {
    mx: domain =>
      remembered(
        `mx ${domain}`,
        async () =>
          (await dns.resolve(domain, 'MX'))
            .map(({ exchange, priority }) => ({ host: exchange, preference: priority }))
            .sort((a, b) => a.preference - b.preference),
        [],
      ),
    addresses: name =>
      remembered(`a ${name}`, async () => {
        const [six, four] = await Promise.all([
          answerOf(() => dns.resolve(name, 'AAAA'), []),
          answerOf(() => dns.resolve(name, 'A'), []),
        ])
        if ('failed' in six && 'failed' in four)
          throw Object.assign(new Error('no answer'), { code: CODES[four.failed] })
        return [...('value' in six ? six.value : []), ...('value' in four ? four.value : [])].map(
          address => canonicalIp(address) ?? address,
        )
      }, []),
    names: address =>
      remembered(`ptr ${address}`, async () => {
        const ip = parseIp(address)
        // Not `dns.reverse`: that says "there is none" when it is not known.
        const names = ip ? await dns.resolve(pointerName(ip), 'PTR') : []
        // The holder of the address writes them: what no DNS could confirm is no name.
        return names.filter(isQueryName).map(name => name.toLowerCase())
      }, []),
    texts: name =>
      remembered(
        `txt ${name}`,
        async () => (await dns.resolve(name, 'TXT')).map(strings => strings.join('')),
        [],
      ),
    listed: entry => remembered(`listed ${entry}`, () => dns.resolve(entry, 'A'), []),
  }
}

/** "There is none" is an answer; anything else that goes wrong is a failure. */
async function answerOf<T>(ask: () => Promise<T>, none: T): Promise<DnsAnswer<T>> {
  try {
    return { value: await ask() }
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENODATA' || code === 'ENOTFOUND') return { value: none }
    if (code === CODES['bad-name']) return { failed: 'bad-name' }
    return { failed: code === CODES.servfail ? 'servfail' : 'timeout' }
  }
}
