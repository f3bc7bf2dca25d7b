// Rules by themselves, with counters in memory and look-ups that the test answers: what comes of one step after the other.

import type { Rule } from '../../src/core/policy/rule.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { createJudge } from '../../src/engine/judging/judge.ts'
import type { NewEvent } from '../../src/model/event.ts'
import type { Fact } from '../../src/model/question.ts'
import type { AttributedStep, Step } from '../../src/model/step.ts'
import type { Judgement } from '../../src/model/verdict.ts'
import type { Counters } from '../../src/ports/counters.ts'
import type { Lookups } from '../../src/ports/lookups.ts'

/** Nobody can tell anything. */
export const NO_ANSWER: Lookups['ask'] = async ({ about }) => ({ about, failed: 'no answer' })

/** A stranger who writes to somebody here. */
export const RCPT: Step = {
  session: 's',
  listener: 'inbound',
  stage: 'rcpt',
  at: 0,
  client: { realm: 'main', address: '198.51.100.7', port: 25 },
  tls: false,
  helo: 'mx.meadow.example',
  sender: 'ann@meadow.example',
  recipient: 'bert@isp.example',
}

/** The same with its message. */
export const attributed = (step: Step): AttributedStep => ({
  ...step,
  who: { ...step.client, sure: 'unknown' },
  inForce: [],
})

export type Judging = {
  readonly events: readonly NewEvent[]
  readonly counters: MemoryCounters
  /** At RCPT, from `RCPT` with these changes. */
  rcpt(changes?: Partial<Step>): Promise<Judgement>
  /** The message, counted for good. */
  message(changes?: Partial<AttributedStep>): Promise<Judgement>
}

export function judging(
  rules: readonly Rule[],
  ask: Lookups['ask'] = NO_ANSWER,
  counters?: Counters,
): Judging {
  const memory = new MemoryCounters()
  const events: NewEvent[] = []
  const judge = createJudge({
    rules,
    counters: counters ?? memory,
    lookups: { ask },
    report: event => void events.push(event),
    leases: { holder: () => ({ sure: 'unknown' }) } as never,
    subscribers: { byLogin: () => undefined } as never,
    cases: { inForce: () => [] },
  })
  return {
    events,
    counters: memory,
    rcpt: async (changes = {}) => judge.judge({ ...RCPT, ...changes }),
    message: async (changes = {}) => {
      const step = attributed({ ...RCPT, stage: 'message', recipients: ['bert@isp.example'] })
      return judge.judgeAttributed({ ...step, ...changes }, 'take')
    },
  }
}

/** `kind`, with the reason where there is one. */
export const said = ({ verdict }: Judgement): string =>
  verdict.kind === 'accept' ? 'accept' : `${verdict.kind} ${verdict.reason}`

/** A look-up that answers; its value is checked by the rule's types. */
export const fact = (about: Fact['about'], value: unknown): Fact => ({ about, value }) as Fact
