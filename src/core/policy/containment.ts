// What decisions in force mean at the SMTP door: a stopped login is refused with that reason, also where it is refused from one network only; a
// suspended line may not send.
// Isolation is not here: an isolated household's own mail goes on, only mail with evidence is held.

import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Mode, Rule } from './rule.ts'

/** `passwordsAt`: where mail passwords are changed, where that is not the portal. */
export function containment(mode: Mode, passwordsAt?: string): Rule {
  const help = wayOut(passwordsAt)
  return {
    name: 'containment',
    about: 'No decision stops the login, refuses its network, or suspends the line.',
    reasons: ['login-stopped', 'line-suspended', 'network-refused'],
    listeners: ['submission', 'trusted-network', 'redirected'],
    stages: ['auth', 'mail', 'message'],
    mode,
    onFailure: 'defer',
    decide: step => decide(step, help),
  }
}

/** It stands in a reply: what is not ASCII is left to be guessed. */
const wayOut = (passwordsAt: string | undefined): string =>
  passwordsAt === undefined
    ? 'in the portal; then it works again'
    : `in ${passwordsAt.replaceAll(/[^ -~]/gu, '?')}, and call the service desk; then it works again`

function decide(step: AttributedStep, help: string): Verdict | undefined {
  if (step.inForce.includes('suspend')) return { kind: 'reject', reason: 'line-suspended' }
  if (step.inForce.includes('stop-login')) return { kind: 'reject', reason: 'login-stopped', help }
  if (step.refusedHere) return { kind: 'reject', reason: 'network-refused', help }
  return undefined
}
