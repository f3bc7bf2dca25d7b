// Submission is for people with a password, always. On a line whose port 25 was redirected, a real mail
// server may be waiting at the other end: it gets a 4xx, so that its queue keeps the mail.

import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Mode, Rule } from './rule.ts'

export function loginRequired(mode: Mode): Rule {
  return {
    name: 'login-required',
    about: 'A customer sends with a password, or from a line of a customer.',
    reasons: ['login-required', 'redirected'],
    listeners: ['submission', 'redirected', 'trusted-network'],
    stages: ['mail'],
    mode,
    onFailure: 'defer',
    decide,
  }
}

function decide(step: AttributedStep): Verdict | undefined {
  // Local programs have no login.
  if (step.login !== undefined || step.local) return undefined
  if (step.listener === 'trusted-network') {
    // No password here, so the line must answer for the mail.
    const ours = step.who.sure === 'certain' && step.who.subscriber !== undefined
    return ours ? undefined : { kind: 'reject', reason: 'relay-denied' }
  }
  if (step.listener === 'redirected') return { kind: 'defer', reason: 'redirected' }
  return { kind: 'reject', reason: 'login-required' }
}
