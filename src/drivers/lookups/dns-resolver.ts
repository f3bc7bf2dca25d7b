// Questions to the DNS, with a time budget and a bounded memory of answers. The owner of a zone writes as much into an answer as it likes, 64 KB,
// and names in it grow a hundredfold as they are read: of each answer the first of it is kept, and all of them have a weight.

import { canonicalIp, parseIp } from '../../model/ip.ts'
import { pointerName } from '../../model/reverse-name.ts'
import type { DnsAnswer, Resolver } from '../../ports/resolver.ts'
import { Generations } from '../../wire/generations.ts'
import { nodeResolver } from './node-resolver.ts'
import { isQueryName } from './query-name.ts'

/** Time for one question with all that follows from it, ms. */
const BUDGET = 5000
/** How long an answer is kept, ms. */
const KEPT = 60_000
/** Characters of all answers that are kept, about 32 MB; the oldest are dropped first. */
const MOST_KEPT = 16 * 1024 * 1024
/** What an entry, and each record in it, needs beside its texts, in characters. */
const ENTRY = 200
const RECORD = 50
/** Records of one answer that are looked at: an exchanger by its preference, others as they come. An honest name has a few. */
const MOST_RECORDS = 50
/** Texts (TXT) of one name: large companies have a hundred for other programs. */
const MOST_TEXTS = 300
/** How node:dns calls each failure; what has another code is said to be a timeout. */
const CODES = { timeout: 'ETIMEOUT', servfail: 'ESERVFAIL', 'bad-name': 'EBADNAME' } as const

/** `servers`: `address` or `address:port`; the system's own when empty. */
export function dnsResolver(servers: readonly string[], now: () => number): Resolver {
  const dns = nodeResolver(servers, BUDGET / 2)
  const memory = new Generations<{ until: number; answer: DnsAnswer<unknown> }>({
    most: MOST_KEPT,
    keep: KEPT,
  })

  /** Questions that are on their way: many clients that come at once ask the same. */
  const waiting = new Map<string, Promise<DnsAnswer<unknown>>>()

  async function remembered<T>(key: string, ask: () => Promise<T>, none: T): Promise<DnsAnswer<T>> {
    const at = now()
    const known = memory.get(key, at)
    if (known && known.until > at) return known.answer as DnsAnswer<T>
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
          (await dns.resolve(domain, 'MX'))
            .map(({ exchange, priority }) => ({ host: exchange, preference: priority }))
            .sort((a, b) => a.preference - b.preference)
            .slice(0, MOST_RECORDS),
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
        return [six, four]
          .flatMap(found => ('value' in found ? found.value.slice(0, MOST_RECORDS) : []))
          .map(address => canonicalIp(address) ?? address)
      }, []),
    names: address =>
      remembered(`ptr ${address}`, async () => {
        const ip = parseIp(address)
        // Not `dns.reverse`: that says "there is none" when it is not known.
        const names = ip ? await dns.resolve(pointerName(ip), 'PTR') : []
        // The holder of the address writes them: what no DNS could confirm is no name.
        return names
          .slice(0, MOST_RECORDS)
          .filter(isQueryName)
          .map(name => name.toLowerCase())
      }, []),
    texts: name =>
      remembered(
        `txt ${name}`,
        async () =>
          (await dns.resolve(name, 'TXT')).slice(0, MOST_TEXTS).map(strings => strings.join('')),
        [],
      ),
    listed: entry =>
      remembered(
        `listed ${entry}`,
        async () => (await dns.resolve(entry, 'A')).slice(0, MOST_RECORDS),
        [],
      ),
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
