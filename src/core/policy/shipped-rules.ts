// Every rule Cordon ships, in the order in which they are asked. The first refusal ends a step.

import type { Plan } from '../../model/subscriber.ts'
import { containment } from './containment.ts'
import { heloInvalid, heloOurs } from './helo.ts'
import { type Limits, limits } from './limits.ts'
import { loginRequired } from './login-required.ts'
import { mailLoop } from './mail-loop.ts'
import { recipientExists } from './recipient-exists.ts'
import { relay } from './relay.ts'
import type { Mode, Rule } from './rule.ts'
import { senderBelongs } from './sender-belongs.ts'

export type PolicySettings = {
  readonly modes: Readonly<Record<RuleName, Mode>>
  readonly limits: Readonly<Record<Plan, Limits>>
  readonly isLocal: (domain: string) => boolean
  readonly ourNames: readonly string[]
}

export const RULE_NAMES = [
  'containment',
  'login-required',
  'sender-belongs',
  'helo-ours',
  'helo-invalid',
  'relay',
  'recipient-exists',
  'mail-loop',
  'limits',
] as const
export type RuleName = (typeof RULE_NAMES)[number]

export function shippedRules(settings: PolicySettings): readonly Rule[] {
  const { modes, isLocal } = settings
  return [
    containment(modes.containment),
    loginRequired(modes['login-required']),
    senderBelongs(modes['sender-belongs']),
    heloOurs(modes['helo-ours'], settings.ourNames),
    heloInvalid(modes['helo-invalid']),
    relay(modes.relay, isLocal),
    recipientExists(modes['recipient-exists'], isLocal),
    mailLoop(modes['mail-loop']),
    limits(modes.limits, settings.limits),
  ].filter(rule => rule.mode !== 'off')
}
