// Verdicts as what a milter may answer.

import { refusalText } from '../../mail/reply-text.ts'
import type { HeaderChanges, Judgement, Verdict } from '../../model/verdict.ts'
import type { Reply } from './codec.ts'

/** The answer before the end of the message: a hold is only a forecast there. */
export function answerTo(verdict: Verdict): Reply {
  switch (verdict.kind) {
    case 'reject':
      return { kind: 'reply', text: refusalText(verdict.reason, 5, verdict.help) }
    case 'defer':
      return { kind: 'reply', text: refusalText(verdict.reason, 4, verdict.help) }
    case 'discard':
      return { kind: 'discard' }
    case 'accept':
    case 'hold':
      return { kind: 'continue' }
    default:
      return verdict satisfies never
  }
}

export type Offered = {
  /** The server lets us change header fields. */
  readonly headers: boolean
  readonly quarantine: boolean
  /** Values of fields come and go with the space after the colon. */
  readonly leadingSpace: boolean
}

/** To the end of the message: changes first, the verdict last. */
export function finalReplies({ verdict, header }: Judgement, offered: Offered): readonly Reply[] {
  if (verdict.kind !== 'accept' && verdict.kind !== 'hold') return [answerTo(verdict)]
  // A mail server that cannot quarantine is asked to let the sender keep the message.
  if (verdict.kind === 'hold' && !offered.quarantine)
    return [{ kind: 'reply', text: refusalText(verdict.reason, 4) }]
  return [
    ...(offered.headers && header ? changes(header, offered.leadingSpace) : []),
    ...(verdict.kind === 'hold' ? [{ kind: 'quarantine', reason: verdict.reason } as const] : []),
    { kind: 'continue' },
  ]
}

/** Changes fields from the last to the first, so that the numbers of the others stay right. */
function changes({ add, forged }: HeaderChanges, leadingSpace: boolean): Reply[] {
  const removed = forged
    .toReversed()
    .map(({ name, which }): Reply => ({ kind: 'delete-header', name, which }))
  const fields = add.split(/\r\n(?![ \t])/).filter(field => field !== '')
  const inserted = fields.toReversed().map((field): Reply => {
    const colon = field.indexOf(':')
    // Lines of one field are ended by a line feed alone here.
    const value = field.slice(colon + 1).replaceAll('\r\n', '\n')
    const name = field.slice(0, colon)
    return {
      kind: 'insert-header',
      at: 0,
      name,
      value: leadingSpace ? value : value.trimStart(),
    }
  })
  return [...removed, ...inserted]
}
