// Messages of an episode that a filter looked at, and those of them that it took for spam.

import { columnIndex, type SubjectRecord } from './state.ts'

const SCANNED = [columnIndex('spamToNew'), columnIndex('spamToKnown')] as const
const sumOf = (counts: Uint16Array): number =>
  (counts[SCANNED[0]] as number) + (counts[SCANNED[1]] as number)

export const scannedOf = ({ tried }: SubjectRecord): number => sumOf(tried)
export const judgedSpamOf = ({ hit }: SubjectRecord): number => sumOf(hit)
