// Messages with something in them that could not be read to its end: an archive that is damaged, too large, too deep or of a kind
// nobody here can list; parts without end. Encrypted archives are not meant: see `attachments.encrypted`.

import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

export function unreadable(mode: Mode): Rule {
  return {
    name: 'unreadable',
    about: 'Everything in the message could be read: its parts, and the names in its archives.',
    reasons: ['unreadable-message', 'try-later'],
    listeners: ['inbound', 'submission', 'trusted-network'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    decide: ({ message }: AttributedStep) => {
      const found = message?.unreadable ?? []
      if (found.some(what => what !== 'not-looked'))
        return { kind: 'reject', reason: 'unreadable-message' }
      // That says nothing of the message: the next time there may be somebody who looks.
      return found.length > 0 ? { kind: 'defer', reason: 'try-later' } : undefined
    },
  }
}
