// Mail to a mailbox of ours that does not exist is refused while the sender is still there to hear it:
// accepting it and bouncing it later would hit the owner of a forged sender address (backscatter).

import { answerTo, type Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Known, Mode, Rule } from './rule.ts'

export function recipientExists(mode: Mode, isOurs: (address: string) => boolean): Rule {
  return {
    name: 'recipient-exists',
    about: 'The mailbox of the recipient exists.',
    reasons: ['recipient-unknown'],
    listeners: ['inbound', 'submission', 'trusted-network', 'redirected'],
    stages: ['rcpt'],
    mode,
    onFailure: 'defer',
    last: true,
    asks: (step: AttributedStep): readonly Question[] =>
      isOurs(step.recipient ?? '') ? [{ about: 'recipient', address: step.recipient ?? '' }] : [],
    decide,
  }
}

function decide(_step: AttributedStep, { facts: [fact] }: Known): Verdict | undefined {
  const exists = answerTo('recipient', fact)
  return exists === false ? { kind: 'reject', reason: 'recipient-unknown' } : undefined
}
