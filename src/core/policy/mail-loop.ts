// A message that has passed too many servers is going in circles (RFC 5321 §6.3).

import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

// RFC 5321 §6.3 asks for a limit of at least 100 Received lines.
const MAX_HOPS = 100

export function mailLoop(mode: Mode): Rule {
  return {
    name: 'mail-loop',
    about: 'The message has not been through too many servers.',
    reasons: ['too-many-hops'],
    listeners: ['inbound', 'submission', 'trusted-network', 'redirected'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    decide: (step: AttributedStep) =>
      (step.message?.hops ?? 0) > MAX_HOPS
        ? { kind: 'reject', reason: 'too-many-hops' }
        : undefined,
  }
}
