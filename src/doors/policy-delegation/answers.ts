// What Postfix is answered, over all of its connections. On an internal error the promise rejects, and the server closes the
// connection without an answer.

import { ACCEPT, type Judgement, type Verdict } from '../../model/verdict.ts'
import type { Stage, Step } from '../../model/step.ts'
import type { Engine } from '../../ports/engine.ts'
import { SeenLogins } from '../../wire/seen-logins.ts'
import type { PolicyRequest } from './codec.ts'
import { HalfAsked } from './half-asked.ts'
import { Instances } from './instances.ts'
import { actionOf, NOTHING_TO_SAY } from './replies.ts'
import { type Memory, type Planned, remember, stepsOf } from './session.ts'
import { type PolicyOptions, type PolicySetup, setupOf } from './step-of-request.ts'

export type AnswerParts = {
  readonly engine: Pick<Engine, 'judge' | 'report'>
  readonly now: () => number
}

/** An action, with the stage and the verdict that it comes from. */
type PolicyAnswer = { readonly action: string; readonly verdict: Verdict; readonly stage: Stage }

/** The number of the first step that is still to be judged, and Postfix's name of the message. */
type From = { readonly first: number; readonly queueId: string | undefined }

const ACCEPTED: PolicyAnswer = Object.freeze({
  action: NOTHING_TO_SAY,
  verdict: ACCEPT,
  stage: 'rcpt',
})

export class PolicyAnswers {
  readonly #parts: AnswerParts
  readonly #setup: PolicySetup
  readonly #instances = new Instances()
  readonly #halfAsked: HalfAsked
  readonly #logins: SeenLogins

  constructor(options: PolicyOptions, parts: AnswerParts) {
    this.#parts = parts
    this.#setup = setupOf(options)
    this.#halfAsked = new HalfAsked(options.countAt, parts.now())
    this.#logins = new SeenLogins(options.webmail ?? [])
  }

  /** Throws, or rejects, when the engine does. */
  answer(request: PolicyRequest): string | Promise<string> {
    const at = this.#parts.now()
    const before = this.#instances.get(request.instance, at)
    const planned = stepsOf(before, request, { setup: this.#setup, at })
    const { memory, question, steps } = planned
    if (question !== undefined && memory.counted?.question === question)
      return memory.counted.answer
    this.#watch(planned, request, at)
    if (memory.refusal && request.protocol_state === 'RCPT')
      return actionOf(memory.refusal, { stage: 'rcpt' })
    const found = this.#judge(steps, { first: 0, queueId: request.queue_id })
    if (!(found instanceof Promise)) return this.#told(planned, request, found)
    const answer = found.then(known => this.#told(planned, request, known))
    if (question !== undefined) this.#pending(memory, { question, answer, at })
    return answer
  }

  #judge(steps: readonly Step[], from: From): PolicyAnswer | Promise<PolicyAnswer> {
    const { queueId } = from
    for (let i = from.first; i < steps.length; i++) {
      const step = steps[i] as Step
      const judged = this.#parts.engine.judge(step)
      if (judged instanceof Promise)
        return judged.then(
          told => objection(step, told, queueId) ?? this.#judge(steps, { first: i + 1, queueId }),
        )
      const found = objection(step, judged, queueId)
      if (found) return found
    }
    return ACCEPTED
  }

  /** Remembers the answer, and gives the text of it. */
  #told({ memory, question }: Planned, request: PolicyRequest, found: PolicyAnswer): string {
    const { action, verdict, stage } = found
    const at = this.#parts.now()
    const counted = question === undefined ? undefined : { question, answer: action }
    const known = remember(memory, request, { verdict, stage, counted })
    if (memory.recipients.length === 0 && known.recipients.length > 0)
      this.#report(this.#halfAsked.recipient(request, at))
    this.#instances.put(known, at)
    return action
  }

  /** Postfix gives up waiting and asks again, over another connection: it gets the answer of the first. */
  #pending(
    memory: Memory,
    { question, answer, at }: { question: string; answer: Promise<string>; at: number },
  ): void {
    this.#instances.put({ ...memory, counted: { question, answer } }, at)
    answer.catch(() => this.#instances.put(memory, at))
  }

  #watch({ memory, steps }: Planned, request: PolicyRequest, at: number): void {
    // Once for each message.
    const mail = steps.find(({ stage }) => stage === 'mail')
    if (mail) this.#report(this.#logins.seen(mail))
    if (steps.length === 0 || memory.instance === '' || request.protocol_state !== 'END-OF-MESSAGE')
      return
    const bare = memory.recipients.length === 0
    this.#report(this.#halfAsked.end(request, at, { bare }))
  }

  #report(event: Parameters<Engine['report']>[0] | undefined): void {
    if (event) this.#parts.engine.report(event)
  }
}

/** Undefined when the verdict is no objection to the step, and the next step must be judged. */
function objection(
  step: Step,
  { verdict }: Judgement,
  queueId: string | undefined,
): PolicyAnswer | undefined {
  if (verdict.kind === 'accept') return undefined
  const { stage, commits = false } = step
  const action = actionOf(verdict, { stage, commits, queueId })
  return action === NOTHING_TO_SAY ? undefined : { action, verdict, stage }
}
