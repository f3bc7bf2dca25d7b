// SPF (RFC 7208): the sender's domain says which addresses send for it. A fail alone refuses nothing unless the operator
// says so: a server that forwards mail unchanged fails it innocently.

import { answerTo } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import { isPublic } from './public-address.ts'
import type { Mode, Rule } from './rule.ts'

export function spf(mode: Mode): Rule {
  return {
    name: 'spf',
    about: 'The SPF record of the sender’s domain does not forbid this server.',
    reasons: ['spf-fail'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    asks: ({ client, sender, helo = '' }: AttributedStep) =>
      isPublic(client.address) && sender !== undefined
        ? [{ about: 'spf', address: client.address, sender, helo }]
        : [],
    decide: (_step, { facts: [fact] }) =>
      answerTo('spf', fact)?.result === 'fail' ? { kind: 'reject', reason: 'spf-fail' } : undefined,
  }
}
