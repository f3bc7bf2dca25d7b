// What a client of our own does that no mail program does: told once for each message it begins, whichever listener it speaks to, and
// when it turns out not to speak SMTP at all.
// Violations of strangers are for the rules alone: strangers have no sum.

import { foreignLiteral } from '../../core/policy/helo.ts'
import { isPublic } from '../../core/policy/public-address.ts'
import type { EventOf, NewEvent } from '../../model/event.ts'
import type { Step } from '../../model/step.ts'
import { type Attribution, subjectsOfClient, whoIs } from './attribute.ts'

/** Undefined when there is no violation, or no subject that it belongs to. */
export function protocolViolation(parts: Attribution, step: Step): NewEvent | undefined {
  const isLast = step.stage === 'connect' && step.violations?.includes('not-smtp')
  if (step.stage !== 'mail' && !isLast) return undefined
  const literal = foreignLiteral(step)
  if (literal === undefined && !step.violations) return undefined
  const signs: EventOf<'protocol-violation'>['signs'] = [
    ...(step.violations ?? []),
    // Behind a home's router every mail program greets with an inside address: that says nothing.
    ...(literal !== undefined && isPublic(literal) ? ['foreign-literal' as const] : []),
  ]
  if (signs.length === 0) return undefined
  const who = whoIs(parts, step.client, step.login)
  const subjects = subjectsOfClient(parts, who)
  if (subjects.length === 0) return undefined
  const { at, session, listener } = step
  return { kind: 'protocol-violation', at, who, session, listener, signs, subjects }
}
