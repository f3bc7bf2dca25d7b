// What lies behind each question of a rule: our own tables, and chains of DNS questions with their time budgets.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import type { Answers, Fact, Question } from '../../model/question.ts'
import type { Lookups } from '../../ports/lookups.ts'
import { mailboxOf, type Recipients } from '../../ports/recipients.ts'
import type { Resolver } from '../../ports/resolver.ts'
import { within } from '../within.ts'
import type { DnsLists } from './dns-lists.ts'
import type { Geo } from './geo.ts'
import type { QuotaStatus } from './quota-status.ts'
import type { Spf } from './spf.ts'
import { spfBreadth } from './spf-breadth.ts'

export type LookupParts = {
  readonly recipients: Recipients
  readonly resolver: Resolver
  readonly lists: DnsLists
  readonly spf: Spf
  readonly geo: () => Geo
  /** The server that knows whether a mailbox is full. */
  readonly quotaStatus: () => QuotaStatus | undefined
}

/** A PTR record set longer than this is a joke: the rest is not followed. RFC 7208 §5.5 has the same figure. */
const MAX_NAMES = 10
/** ms. A line that knocks at port 25 is to be closed within a second: what the DNS says later is not waited for. */
const NAMED_WITHIN = 500

export function lookups(parts: LookupParts): Lookups {
  return {
    ask: async (question): Promise<Fact> => {
      try {
        return await answer(parts, question)
      } catch (error) {
        return { about: question.about, failed: String(error) }
      }
    },
  }
}

async function answer(parts: LookupParts, question: Question): Promise<Fact> {
  switch (question.about) {
    case 'recipient': {
      const found = await parts.recipients.find(question.address)
      return { about: 'recipient', value: found !== undefined }
    }
    case 'mailbox-full': {
      const [found, ask] = [await parts.recipients.find(question.address), parts.quotaStatus()]
      // Mail that is sent on, or has no mailbox, fills no mailbox here.
      const name = mailboxOf(found)
      if (name === undefined || !ask) return { about: 'mailbox-full', value: 'no' }
      return { about: 'mailbox-full', value: await ask(name, question.size) }
    }
    case 'reverse-name':
      return { about: 'reverse-name', value: await reverseName(parts.resolver, question.address) }
    case 'organisation': {
      const asked = reverseName(parts.resolver, question.address)
      const { confirmed } = await within(NAMED_WITHIN, asked)
      const [name] = confirmed
      return { about: 'organisation', value: name === undefined ? '' : organisationalDomain(name) }
    }
    case 'host':
      return { about: 'host', value: await hostExists(parts.resolver, question.name) }
    case 'listed':
      return { about: 'listed', value: await parts.lists.ask(question.zone, question.of) }
    case 'place':
      return { about: 'place', value: parts.geo()(question.address) }
    case 'spf-breadth':
      return { about: 'spf-breadth', value: await spfBreadth(parts.resolver, question.domain) }
    case 'spf':
      return { about: 'spf', value: await parts.spf(question) }
    default:
      return question satisfies never
  }
}

async function reverseName(resolver: Resolver, address: string): Promise<Answers['reverse-name']> {
  const names = (await must(resolver.names(address))).slice(0, MAX_NAMES)
  const leads = await Promise.all(
    names.map(async name => {
      const back = await resolver.addresses(name)
      return 'value' in back && back.value.includes(address)
    }),
  )
  return { names, confirmed: names.filter((_, i) => leads[i]) }
}

async function hostExists(resolver: Resolver, name: string): Promise<boolean> {
  if ((await must(resolver.addresses(name))).length > 0) return true
  return (await must(resolver.mx(name))).length > 0
}

async function must<T>(
  asked: Promise<{ readonly value: T } | { readonly failed: string }>,
): Promise<T> {
  const answer = await asked
  if ('failed' in answer) throw new Error(answer.failed)
  return answer.value
}
