// Lists of others, asked over the DNS: of the address, of the name in the greeting, or of the sender's domain. Ships without
// any list, because each has terms of its own. A list that does not answer, or answers nonsense, lists no address and no name.

import { canonicalIp } from '../../model/ip.ts'
import { domainOf, isDomain } from '../../model/mail-address.ts'
import { answerTo, type Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import { isPublic } from './public-address.ts'
import type { Known, Mode, Rule } from './rule.ts'

export type ListSettings = {
  readonly zone: string
  /** What is looked up in it: `strangers.lists[].of`, address by default, address, helo or sender-domain. */
  readonly of: 'address' | 'helo' | 'sender-domain'
  /**
   * Return codes that count, `127.0.0.2` or `127.0.0.2-127.0.0.11`; all of them when there are none: `strangers.lists[].codes`, nothing
   * by default.
   */
  readonly codes: readonly string[]
}

export function dnsLists(mode: Mode, lists: readonly ListSettings[]): Rule {
  return {
    name: 'dns-lists',
    about: 'The address, the greeting or the sender’s domain is in a list that you have named.',
    reasons: ['listed'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    // Lists are asked independently: a failure of one must not defer all mail.
    onFailure: 'accept',
    asks: step => lists.flatMap(list => questionOf(list, step) ?? []),
    decide: (step, known) => decide(lists, step, known),
  }
}

function questionOf({ zone, of }: ListSettings, step: AttributedStep): Question | undefined {
  const asked = {
    address: isPublic(step.client.address) ? canonicalIp(step.client.address) : undefined,
    helo: step.helo !== undefined && isDomain(step.helo) ? step.helo.toLowerCase() : undefined,
    'sender-domain': step.sender ? domainOf(step.sender) : undefined,
  }[of]
  return asked === undefined ? undefined : { about: 'listed', zone, of: asked }
}

function decide(
  lists: readonly ListSettings[],
  step: AttributedStep,
  known: Known,
): Verdict | undefined {
  const asked = lists.filter(list => questionOf(list, step) !== undefined)
  const hit = asked.some((list, i) => {
    const codes = answerTo('listed', known.facts[i]) ?? []
    return codes.some(code => list.codes.length === 0 || list.codes.some(within(code)))
  })
  return hit ? { kind: 'reject', reason: 'listed' } : undefined
}

/** Return codes are IPv4 addresses; a range of them is a range of numbers. */
const within = (code: string) => (range: string) => {
  const [from = '', to = from] = range.split('-')
  return numberOf(code) >= numberOf(from) && numberOf(code) <= numberOf(to)
}
const numberOf = (code: string) =>
  code.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
