// Proof of work: a stamp that cost the sender some computing, for this recipient, and only once (Hashcash). Botnets have
// computing to spare, so it is worth little: beside SPF or DKIM it spares a message the slow lane, and alone it does nothing.

import { stampName } from '../../mail/hashcash.ts'
import { DAY } from '../../model/duration.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

/** Off with `rules.hashcash: off`; enforce by default. */
export type HashcashSettings = {
  /** Bits that a stamp must have: `strangers.stampBits`, 20 by default, 1 to 64. */
  readonly minBits: number
}

/** How long a spent stamp is remembered, ms: longer than a stamp is valid (28 days, and a clock two days ahead: src/mail/hashcash.ts). */
const SPENT_FOR = 31 * DAY

export function hashcash(mode: Mode, { minBits }: HashcashSettings): Rule {
  const names = ({ message, recipients = [], at }: AttributedStep) =>
    (message?.stamps ?? []).flatMap(stamp => stampName(stamp, { recipients, minBits, at }) ?? [])
  return {
    name: 'hashcash',
    about:
      'A message with a Hashcash stamp, and with SPF or DKIM, skips the slow lane; the rule refuses nothing.',
    reasons: [],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    countsAttempts: ['message'],
    counts: step =>
      isReally(step)
        ? names(step).map(name => ({ op: 'mark', key: `stamp:${name}`, ttl: SPENT_FOR }))
        : [],
    decide: (_step, { readings }) =>
      readings.some(({ value }) => value === 1)
        ? { kind: 'accept', skipRules: ['slow-lane'] }
        : undefined,
  }
}

/** SPF or DKIM says that it comes from where it says. */
function isReally({ authentication }: AttributedStep): boolean {
  const { spf, dkim } = authentication ?? {}
  return spf?.result === 'pass' || (dkim ?? []).some(({ result }) => result === 'pass')
}
