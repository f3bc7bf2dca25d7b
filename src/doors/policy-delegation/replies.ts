// Verdicts as Postfix's access(5) actions. Never OK: at RCPT that would skip every restriction after ours.

import { refusalText } from '../../mail/reply-text.ts'
import type { Stage } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'

type Of = {
  readonly stage: Stage
  readonly commits?: boolean
  /** Postfix's own name of the message, where it has one. */
  readonly queueId?: string | undefined
}

/** Postfix's names of messages, short and long. */
export const QUEUE_ID = /^[0-9A-Za-z]{4,40}$/

/** One complete answer. A hold before the message is there is a forecast, and nothing to act on. */
export function actionOf(verdict: Verdict, { stage, commits = false, queueId }: Of): string {
  return `action=${words(verdict, stage === 'message' || commits, queueId)}\n\n`
}

function words(verdict: Verdict, final: boolean, queueId: string | undefined): string {
  switch (verdict.kind) {
    case 'accept':
      return 'DUNNO'
    case 'reject':
      return refusalText(verdict.reason, 5, verdict.help)
    case 'defer':
      return refusalText(verdict.reason, 4, verdict.help)
    case 'hold':
      // It stands in Postfix's log, where an operator looks for a message.
      if (!final) return 'DUNNO'
      return queueId !== undefined && QUEUE_ID.test(queueId)
        ? `HOLD ${verdict.reason}; released by: postsuper -H ${queueId}`
        : `HOLD ${verdict.reason}`
    case 'discard':
      return `DISCARD ${verdict.reason}`
    default:
      return verdict satisfies never
  }
}

export const NOTHING_TO_SAY = 'action=DUNNO\n\n'
