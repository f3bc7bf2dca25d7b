// Where mail is counted at RCPT, a message over a limit is held before it is there: it has a name with its second recipient, or when the
// server opens its queue file at once. Without a name it could not be released, so it is not held.

import { after } from '../../../model/after.ts'
import { heldWhy } from '../../../model/held-for.ts'
import { MAX_HOLD } from '../../../model/decision.ts'
import type { Step } from '../../../model/step.ts'
import { ACCEPT, type Judgement } from '../../../model/verdict.ts'
import type { HeldElsewhere } from './held-elsewhere.ts'
import { type Attribution, attribute } from '../../evidence/attribute.ts'
import { putOff, type PutOffParts } from './hold-there.ts'

export type HoldAtRcptParts = {
  readonly elsewhere: Pick<HeldElsewhere, 'canRelease' | 'whyNot' | 'keep'>
  readonly attribution: Attribution
} & Pick<PutOffParts, 'reporter'>

export const holdAtRcpt = (
  parts: HoldAtRcptParts,
  step: Step,
  judged: Judgement | Promise<Judgement>,
): Judgement | Promise<Judgement> =>
  after(judged, found =>
    found.verdict.kind === 'hold'
      ? held(
          parts,
          step,
          putOff(parts, step, found, () => attribute(parts.attribution, step)),
        )
      : found,
  )

async function held(
  { elsewhere, attribution: { subscribers } }: HoldAtRcptParts,
  step: Step,
  judged: Judgement,
): Promise<Judgement> {
  const { verdict } = judged
  if (verdict.kind !== 'hold') return judged
  const { keptAs, at, sender = '', recipient = '', login } = step
  const observed: Judgement = { verdict: ACCEPT, observed: [judged.rule ?? 'limits'] }
  if (keptAs === undefined || !elsewhere.canRelease(keptAs)) return observed
  const owner = login === undefined ? undefined : subscribers.byLogin(login)?.id
  const isKept = await elsewhere.keep({
    id: keptAs,
    message: keptAs,
    at,
    sender,
    subject: '',
    recipient,
    recipients: (step.accepted ?? 0) + 1,
    due: verdict.until,
    why: heldWhy(verdict),
    nats: 0,
    expires: at + MAX_HOLD,
    ...(login === undefined ? {} : { login }),
    ...(owner === undefined ? {} : { subscriber: owner }),
  })
  return isKept ? judged : observed
}
