// Mail to a full mailbox is refused while the sender is still there to hear it, as the store would refuse it later. Asked of
// mail from outside only: our own people get a report, and their other recipients their mail.

import { domainOf } from '../../model/mail-address.ts'
import { answerTo, type Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Known, Mode, Rule } from './rule.ts'

export function mailboxFull(mode: Mode, isLocal: (domain: string) => boolean): Rule {
  return {
    name: 'mailbox-full',
    about: 'The mailbox has room. The server of the mailboxes says so (`quotaStatus`).',
    reasons: ['mailbox-full'],
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    last: true,
    asks: ({ recipient = '', size }: AttributedStep): readonly Question[] =>
      isLocal(domainOf(recipient))
        ? [{ about: 'mailbox-full', address: recipient, ...(size === undefined ? {} : { size }) }]
        : [],
    decide,
  }
}

function decide(_step: AttributedStep, { facts: [fact] }: Known): Verdict | undefined {
  const full = answerTo('mailbox-full', fact) ?? 'no'
  return full === 'no' ? undefined : { kind: full, reason: 'mailbox-full' }
}
