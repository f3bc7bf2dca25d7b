// What content scanners found. A virus is never passed on, whichever client sends it; what a scanner would not take itself is refused to
// strangers only: from our own customers it is evidence, and held if need be. One refusal for all viruses, one for all spam.

import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

export type ScanSettings = {
  /** When a scanner does not answer: `scanners.onFailure`, accept by default, accept or defer. */
  readonly onFailure: 'accept' | 'defer'
}

export function scan(mode: Mode, { onFailure }: ScanSettings): Rule {
  return {
    name: 'scan',
    about:
      'No scanner finds a virus in the message; in mail from strangers, no scanner is sure of spam.',
    reasons: ['virus', 'spam', 'try-later'],
    listeners: ['inbound', 'submission', 'trusted-network'],
    stages: ['message'],
    mode,
    onFailure,
    decide: ({ scan: found, listener }: AttributedStep) => {
      if (found?.virus !== undefined) return { kind: 'reject', reason: 'virus' }
      if (found?.refuse && listener === 'inbound') return { kind: 'reject', reason: 'spam' }
      return found?.failed !== undefined && onFailure === 'defer'
        ? { kind: 'defer', reason: 'try-later' }
        : undefined
    },
  }
}
