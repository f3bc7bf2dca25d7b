// What a case is about, in words for the call centre.

import { type EvidenceKind, isLine, saysSpam, type Subject } from '../../model/evidence.ts'

export function whatIsSeen(subject: Subject, kinds: readonly EvidenceKind[]): string {
  if (!isLine(subject)) return 'Another person uses this login'
  if (saysSpam(kinds)) return 'A machine behind this line sends spam'
  if (kinds.includes('network')) return 'A machine behind this line does what infected machines do'
  return 'A machine behind this line writes to addresses that belong to no person'
}
