// A server that sends mail has a name, and the name leads back to it. Refusing those without is what AOL and Gmail ask
// of senders; a name that cannot be looked up just now is not the sender's fault, and the mail is only deferred. RFC 7372 has the codes.

import { answerTo } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import { isPublic } from './public-address.ts'
import type { Known, Mode, Rule } from './rule.ts'

/** Off with `rules.reverse-dns: off`; observe by default. */
export type ReverseDnsSettings = {
  /** The name must lead back to the address (forward-confirmed): `strangers.confirmedName`, true by default; false: any name is enough. */
  readonly confirmed: boolean
}

export function reverseDns(mode: Mode, settings: ReverseDnsSettings): Rule {
  return {
    name: 'reverse-dns',
    about: 'The sending server has a name in the DNS, and the name leads back to its address.',
    reasons: ['no-reverse-dns'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'defer',
    asks: ({ client }: AttributedStep) =>
      isPublic(client.address) ? [{ about: 'reverse-name', address: client.address }] : [],
    decide: (_step, known) => decide(known, settings),
  }
}

function decide({ facts: [fact] }: Known, { confirmed }: ReverseDnsSettings): Verdict | undefined {
  const answer = answerTo('reverse-name', fact)
  if (!answer) return undefined
  const found = confirmed ? answer.confirmed : answer.names
  return found.length > 0 ? undefined : { kind: 'reject', reason: 'no-reverse-dns' }
}
