// How many IPv4 addresses a domain lets send for it: its SPF record read without an address to check (RFC 7208 §5), with the ten
// look-ups a checker allows itself (§4.6.4). Only what passes counts; names of hosts count as one each.

import type { Resolver } from '../../ports/resolver.ts'

export const ALL_ADDRESSES = 2 ** 32
const MAX_LOOKUPS = 10

type SpfBudget = { readonly resolver: Pick<Resolver, 'texts'>; left: number }

/** 0 without a record. Rejects when the DNS has no answer. */
export async function spfBreadth(
  resolver: Pick<Resolver, 'texts'>,
  domain: string,
): Promise<number> {
  return Math.min(ALL_ADDRESSES, await breadthOf({ resolver, left: MAX_LOOKUPS }, domain))
}

async function breadthOf(reading: SpfBudget, domain: string): Promise<number> {
  const answer = await reading.resolver.texts(domain)
  // A name that DNS cannot have has no record; the other terms still count.
  if ('failed' in answer && answer.failed === 'bad-name') return 0
  if ('failed' in answer) throw new Error(answer.failed)
  const record = answer.value.find(text => /^v=spf1(?: |$)/i.test(text))
  if (record === undefined) return 0
  let sum = 0
  let redirect: string | undefined
  for (const term of record.split(/ +/).slice(1)) {
    const [, qualifier = '', name = '', value = ''] =
      /^([+?~-]?)([a-z0-9]+)[:=]?(.*)/i.exec(term) ?? []
    const passes = qualifier === '' || qualifier === '+'
    switch (name.toLowerCase()) {
      case 'all':
        // `all` matches every address: later terms are not evaluated.
        return passes ? ALL_ADDRESSES : sum
      case 'ip4':
        if (passes) sum += sizeOf(value)
        break
      case 'a':
      case 'mx':
        reading.left--
        if (passes) sum += sizeOf(value)
        break
      case 'include':
        if (passes) sum += await follow(reading, value)
        break
      case 'redirect':
        redirect = value
        break
      default:
        break
    }
  }
  return redirect === undefined ? sum : sum + (await follow(reading, redirect))
}

/** Addresses of an include or a redirect. 0 for a name with a macro, which depends on the sender. The name may end in a dot (RFC 7208 §7.1). */
async function follow(reading: SpfBudget, domain: string): Promise<number> {
  if (reading.left <= 0 || domain.includes('%') || domain === '') return 0
  reading.left--
  return breadthOf(reading, domain.replace(/\.$/, ''))
}

/** Number of addresses: of the prefix length behind `/`, or 1. */
function sizeOf(value: string): number {
  const bits = /\/(\d{1,2})(?:\/\/|$)/.exec(value)?.[1]
  return bits === undefined ? 1 : 2 ** (32 - Math.min(32, Number(bits)))
}
