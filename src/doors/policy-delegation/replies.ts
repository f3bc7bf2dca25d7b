// Verdicts as Postfix's access(5) actions. Never OK: at RCPT that would skip every restriction after ours.

import { refusalText } from '../../mail/reply-text.ts'
import type { Stage } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'

/** One complete answer. A hold before the message is there is a forecast, and nothing to act on. */
export function actionOf(verdict: Verdict, stage: Stage, commits: boolean): string {
  return `action=${words(verdict, stage === 'message' || commits)}\n\n`
}

function words(verdict: Verdict, final: boolean): string {
  switch (verdict.kind) {
    case 'accept':
      return 'DUNNO'
    case 'reject':
      return refusalText(verdict.reason, 5, verdict.help)
    case 'defer':
      return refusalText(verdict.reason, 4, verdict.help)
    case 'hold':
      return final ? `HOLD ${verdict.reason}` : 'DUNNO'
    case 'discard':
      return `DISCARD ${verdict.reason}`
    default:
      return verdict satisfies never
  }
}

export const NOTHING_TO_SAY = 'action=DUNNO\n\n'
