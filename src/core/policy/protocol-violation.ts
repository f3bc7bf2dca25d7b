// Protocol violations of a client (see model/protocol-violation.ts). Real servers have some of them, too, so this only observes as shipped.

import type { ProtocolViolation } from '../../model/protocol-violation.ts'
import type { Mode, Rule } from './rule.ts'

export type ProtocolViolationSettings = {
  /** Those that are refused, all six if nothing is said: `strangers.protocolViolations`, a list by default; off with `rules.protocol-violation: off`. */
  readonly refused: readonly ProtocolViolation[]
}

export function protocolViolation(mode: Mode, { refused }: ProtocolViolationSettings): Rule {
  return {
    name: 'protocol-violation',
    about: 'The client waits for replies, uses only SMTP commands, and keeps one HELO name.',
    reasons: ['protocol-violation'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    decide: step =>
      step.violations?.some(one => refused.includes(one))
        ? { kind: 'reject', reason: 'protocol-violation' }
        : undefined,
  }
}
