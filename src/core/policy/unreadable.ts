// Messages with something in them that is damaged, or made so that it cannot be read: an archive that unpacks to too much, is too deep
// or of a kind that no tool here can list. What is only large, parts without end too, is refused where the operator asks for it; a message
// for which there was no time is deferred; what a bounce returns is never held against it (`Unreadable`). Encrypted archives are not meant:
// see `attachments.encrypted`.

import {
  DAMAGED,
  type MessageSummary,
  TOO_LARGE,
  TOO_MUCH,
  type Unreadable,
} from '../../model/message.ts'
import type { AttributedStep } from '../../model/step.ts'
import { UNREAD_WORDS, unreadWords } from '../../model/unread-words.ts'
import { isForPostmaster } from './postmaster.ts'
import type { Mode, Rule } from './rule.ts'

/** `large`: what becomes of mail that is not damaged but goes on where we do not read (`attachments.large`, accept by default). */
export type UnreadableSettings = {
  /** `attachments.large`, accept by default, accept or reject. */
  readonly large: 'accept' | 'reject'
}

export function unreadable(mode: Mode, { large }: UnreadableSettings): Rule {
  const refused: ReadonlySet<Unreadable> = new Set([
    ...DAMAGED,
    ...TOO_MUCH,
    ...(large === 'reject' ? TOO_LARGE : []),
  ])
  return {
    name: 'unreadable',
    about:
      'All parts of the message, and the names in its archives, can be read: nothing is damaged, or made to be unreadable. A message that is only too large to be read to its end is accepted, unless `attachments.large` says otherwise; `postmaster@`, `abuse@` and `abuse-reports@` accept all of this, and the message that a bounce returns may be cut short. A damaged message is also evidence against a customer, whatever the mode.',
    reasons: ['unreadable-message'],
    listeners: ['inbound', 'submission', 'trusted-network'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    decide: (step: AttributedStep) => {
      const { message } = step
      // A sender that is refused must be able to show the postmaster the message.
      if (!message?.unreadable || isForPostmaster(step)) return undefined
      const found = message.unreadable.filter(what => refused.has(what))
      if (found.length > 0)
        return { kind: 'reject', reason: 'unreadable-message', help: helpOf(found, message) }
      return message.unreadable.includes('busy')
        ? { kind: 'defer', reason: 'unreadable-message', help: helpOf(['busy'], message) }
        : undefined
    },
  }
}

/** Each cause, and what to do about the first. */
function helpOf(found: readonly Unreadable[], message: MessageSummary): string {
  const [first = 'archive'] = found
  const all = found.map(what => unreadWords(what, message))
  return `${all.join('; ')}; ${UNREAD_WORDS[first].advice}`
}
