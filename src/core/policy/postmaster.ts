// Whoever has been refused must be able to reach a person: postmaster and abuse take mail from every stranger (RFC 5321 §4.5.1,
// RFC 2142 §4). What holds for everybody, viruses for instance, holds there, too.

import type { AttributedStep } from '../../model/step.ts'

/** For them, and for nobody else beside them. */
export function isForPostmaster({ stage, recipient, recipients }: AttributedStep): boolean {
  if (stage === 'rcpt') return isPostmaster(recipient ?? '')
  return stage === 'message' && recipients !== undefined && recipients.every(isPostmaster)
}

const isPostmaster = (address: string): boolean => /^(?:postmaster|abuse)(?:@|$)/i.test(address)
