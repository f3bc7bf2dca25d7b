// A sender whose mail was refused must be able to reach a person: postmaster and abuse take mail from every stranger (RFC 5321 §4.5.1,
// RFC 2142 §4), and a report of abuse contains what it reports: its content is not judged, whichever client brings it.

import type { AttributedStep } from '../../model/step.ts'
import type { Rule } from './rule.ts'

/** Whether the mail is for postmaster or abuse, and for no other recipient. */
export function isForPostmaster({ stage, recipient, recipients }: AttributedStep): boolean {
  if (stage === 'rcpt') return isPostmaster(recipient ?? '')
  return stage === 'message' && recipients !== undefined && recipients.every(isPostmaster)
}

/** A rule about content that is not evaluated for mail to our own postmasters: to those of other domains it is. */
export function notOfPostmaster(rule: Rule, isOurs: (address: string) => boolean): Rule {
  return {
    ...rule,
    decide: (step, known) =>
      isForOurPostmaster(step, isOurs) ? undefined : rule.decide(step, known),
  }
}

/** All of a message's recipients are postmasters of ours. */
export const isForOurPostmaster = (
  step: Pick<AttributedStep, 'recipients'>,
  isOurs: (address: string) => boolean,
): boolean => step.recipients?.every(to => isPostmaster(to) && isOurs(to)) ?? false

/** Postmaster or abuse, of any domain. */
export const isPostmaster = (address: string): boolean =>
  /^(?:postmaster|abuse|abuse-reports)(?:@|$)/i.test(address)
