// Bad manners of a client (see model/manners.ts). Real servers have some of them, too, so this only observes as shipped.

import type { Manner } from '../../model/manners.ts'
import type { Mode, Rule } from './rule.ts'

export type MannersSettings = {
  /** Those that are refused. */
  readonly refused: readonly Manner[]
}

export function manners(mode: Mode, { refused }: MannersSettings): Rule {
  return {
    name: 'manners',
    about: 'The server waits its turn, uses no commands of its own making, and keeps to one name.',
    reasons: ['bad-manners'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    decide: step =>
      step.manners?.some(one => refused.includes(one))
        ? { kind: 'reject', reason: 'bad-manners' }
        : undefined,
  }
}
