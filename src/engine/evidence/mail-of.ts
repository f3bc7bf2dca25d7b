// Which mail a case is about.

import { isLine, type Subject, subjectName } from '../../model/evidence.ts'
import type { QueueFilter } from '../../ports/spool.ts'

/** A login's mail, or all mail of the line's subscriber. */
export const mailOf = (subject: Subject): QueueFilter =>
  isLine(subject) ? { subscriber: subjectName(subject) } : { login: subjectName(subject) }

/** Nats. Least evidence for infection with which a message is held for a case: any at all. */
export const ANYTHING = 0.01

/** Mail that a case holds; not mail that waits for room under a limit, or for the postmaster. */
export const HELD_BY_CASE = { state: 'held', forEvidence: true, minNats: ANYTHING } as const
