// An inbound server takes mail for our own domains and never relays otherwise.

import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

export function relay(mode: Mode, isOurs: (address: string) => boolean): Rule {
  return {
    name: 'relay',
    about: 'Mail from outside is for our own domains.',
    reasons: ['relay-denied'],
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'defer',
    decide: (step: AttributedStep) =>
      isOurs(step.recipient ?? '') ? undefined : { kind: 'reject', reason: 'relay-denied' },
  }
}
