// What a message waits for where decisions hold it, in words for the queue, the journal and the log: the case, what was decided and by
// whom. Not until when: the end moves with new evidence, and the queue says when a message is next looked at.

import type { Decision, DecisionKind } from '../../model/decision.ts'

const DECIDED: Readonly<Record<DecisionKind, string>> = {
  watch: 'watched',
  hold: 'mail held',
  'stop-login': 'login stopped',
  'redirect-25': 'redirected',
  isolate: 'isolated',
  suspend: 'suspended',
}

/** `case K7-2M9Q (isolated by hand)`. */
export function waitsFor(
  caseCode: string | undefined,
  { kind, by }: Pick<Decision, 'kind' | 'by'>,
): string {
  const decided = `${DECIDED[kind]} by ${by === 'staff' ? 'hand' : 'evidence'}`
  return caseCode === undefined ? decided : `case ${caseCode} (${decided})`
}
