// Questions to the DNS, with a bounded memory of answers. The owner of a zone writes as much into an answer as it likes: the first of each is
// there (first-of-it.ts), and all that are kept have a weight.

import { hasCome } from '../../model/has-come.ts'
import { canonicalIp, parseIp } from '../../model/ip.ts'
import { pointerName } from '../../model/reverse-name.ts'
import type { DnsAnswer, Resolver } from '../../ports/resolver.ts'
import { Generations } from '../../wire/generations.ts'
import type { Dns } from './node-resolver.ts'
import { isQueryName } from './query-name.ts'

/** How long an answer is kept, ms. */
const KEPT = 60_000
/** Characters of all answers that are kept, about 32 MB; the oldest are dropped first. */
const MOST_KEPT = 16 * 1024 * 1024
/** What an entry, and each record in it, needs beside its texts, in characters. */
const ENTRY = 200
const RECORD = 50
/** How node:dns calls each failure; what has another code is said to be a timeout. */
const CODES = { timeout: 'ETIMEOUT', servfail: 'ESERVFAIL', 'bad-name': 'EBADNAME' } as const

export function dnsResolver(dns: Dns, now: () => number): Resolver {
  const memory = new Generations<{ until: number; answer: DnsAnswer<unknown> }>({
    most: MOST_KEPT,
    keep: KEPT,
  })

  /** Questions that are on their way: many clients that come at once ask the same. */
  const waiting = new Map<string, Promise<DnsAnswer<unknown>>>()

  async function remembered<T>(key: string, ask: () => Promise<T>, none: T): Promise<DnsAnswer<T>> {
    const at = now()
    const known = memory.get(key, at)
    // What was kept while the clock was ahead is asked anew.
    if (known && !hasCome(known.until, at, KEPT)) return known.answer as DnsAnswer<T>
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
    const at = now()
    if ('value' in answer)
      memory.put(key, {
        value: { until: at + KEPT, answer },
        weight: ENTRY + key.length + weightOf(answer.value),
        at,
      })
    return answer
  }

  return {
    mx: domain =>
      remembered(
        `mx ${domain}`,
        async () =>
          (await dns.resolve(domain, 'MX')).map(({ exchange, priority }) => ({
            host: exchange,
            preference: priority,
          })),
        [],
      ),
    addresses: name =>
      remembered(`a ${name}`, async () => {
        const [six, four] = await Promise.all([
          answerOf(() => dns.resolve(name, 'AAAA'), []),
          answerOf(() => dns.resolve(name, 'A'), []),
        ])
        const found = [six, four].flatMap(one => ('value' in one ? one.value : []))
        // "None" of the one and no answer of the other is not "no address".
        const failed = [four, six].find(one => 'failed' in one)
        if (found.length === 0 && failed && 'failed' in failed)
          throw Object.assign(new Error('no answer'), { code: CODES[failed.failed] })
        return found.map(address => canonicalIp(address) ?? address)
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

/** In characters. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return RECORD + value.length
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + weightOf(one), 0)
  if (typeof value === 'object' && value !== null) return weightOf(Object.values(value))
  return RECORD
}
