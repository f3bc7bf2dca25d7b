// Another policy over what happened: every recorded step is judged again, in order, by the draft's rules with counters of their
// own, from what was looked up then. No question is asked; what was not recorded is unknown, and counted.

import type { Rule } from '../../core/policy/rule.ts'
import { MemoryCounters } from '../../drivers/counters/memory.ts'
import { createJudge } from '../../engine/judging/judge.ts'
import type { Event, EventOf } from '../../model/event.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { Fact, Question } from '../../model/question.ts'
import type { AttributedStep, Stage } from '../../model/step.ts'

export type Difference = {
  /** The rule that decides now, or decided then. */
  readonly rule: string
  /** Of which steps: a message has one at `rcpt` for each recipient, and one `message`. */
  readonly stage: Stage
  readonly before: string
  readonly after: string
  count: number
  /** The first few. */
  readonly examples: EventOf<'step-judged'>[]
}

export type PolicyReplayed = {
  /** Steps that were compared, and those before them that only filled the counters. */
  compared: number
  warmedUp: number
  readonly differences: Difference[]
  /** Steps of floods that were not written down. */
  lost: number
  /** Answers that the draft's rules wanted and no rule had asked for then. */
  readonly unknown: Record<string, number>
}

const EXAMPLES = 5

export type PolicyReplayOptions = {
  readonly rules: readonly Rule[]
  /** What is older fills the counters, and is not compared. */
  readonly since: number
  /** Gets every other event, but not of mail that would have been refused. */
  readonly others?: (event: Event) => Promise<void>
}

export async function replayPolicy(
  events: AsyncIterable<Event> | Iterable<Event>,
  { rules, since, others }: PolicyReplayOptions,
): Promise<PolicyReplayed> {
  const result: PolicyReplayed = {
    compared: 0,
    warmedUp: 0,
    differences: [],
    lost: 0,
    unknown: {},
  }
  let answers = new Map<string, Fact>()
  let counting = false
  const refused = new Set<string>()
  const ask = async (question: Question): Promise<Fact> => {
    const known = answers.get(JSON.stringify(question))
    if (known) return known
    const { about } = question
    if (counting) result.unknown[about] = (result.unknown[about] ?? 0) + 1
    return { about, failed: 'not recorded' }
  }
  const judge = createJudge({
    rules,
    counters: new MemoryCounters(),
    lookups: { ask },
    report: () => undefined,
    // Steps are attributed already.
    leases: { holder: () => ({ sure: 'unknown' }) } as never,
    subscribers: { byLogin: () => undefined } as never,
    cases: { inForce: () => [] },
  })
  for await (const event of events) {
    if (event.kind === 'journal-gap' && event.at >= since) result.lost += event.lost
    if (event.kind === 'steps-left-out' && event.at >= since) result.lost += event.left
    // No policy accepts these.
    if (event.kind === 'step-judged' && event.step.fault) continue
    if (event.kind !== 'step-judged') {
      const gone = event.kind === 'tx-commit' && refused.delete(messageKey(event.session, event.at))
      if (!gone) await others?.(event)
      continue
    }
    answers = new Map(
      (event.asked ?? []).map(({ question, answer }) => [JSON.stringify(question), answer]),
    )
    counting = event.at >= since
    const { stage, session = '' } = event.step
    const judged = await judge.judgeAttributed(stepOf(event), stage === 'message' ? 'take' : 'peek')
    if (stage === 'message' && isRefusal(judged.verdict.kind))
      refused.add(messageKey(session, event.at))
    if (!counting) {
      result.warmedUp++
      continue
    }
    result.compared++
    const after = judged.verdict.kind
    const rule = judged.rule ?? event.rule
    if (after !== event.verdict && rule !== undefined) note(result.differences, event, rule, after)
  }
  result.differences.sort((a, b) => b.count - a.count)
  return result
}

const messageKey = (session: string, at: number) => `${session} ${at}`
const isRefusal = (kind: string) => kind === 'reject' || kind === 'defer' || kind === 'discard'

function note(
  differences: Difference[],
  event: EventOf<'step-judged'>,
  rule: string,
  after: string,
): void {
  const before = event.verdict
  const { stage } = event.step
  let found = differences.find(
    one => one.rule === rule && one.stage === stage && one.before === before && one.after === after,
  )
  if (!found) {
    found = { rule, stage, before, after, count: 0, examples: [] }
    differences.push(found)
  }
  found.count++
  if (found.examples.length < EXAMPLES) found.examples.push(event)
}

/** As rules saw it, as far as it was written down. */
function stepOf({ at, who, step }: EventOf<'step-judged'>): AttributedStep {
  const { message, authentication, ownFrom, ...rest } = step
  const { realm, address, port = 0 } = who
  const own = rest.sender === undefined ? [] : [rest.sender]
  return {
    session: '',
    client: { realm, address, port },
    tls: false,
    inForce: [],
    accepted: 0,
    ...(who.login === undefined ? {} : { login: who.login }),
    ...rest,
    at,
    who,
    ...((rest.login ?? who.login) === undefined ? {} : { addresses: own }),
    ...(authentication ? { authentication: { ...authentication, header: '' } } : {}),
    ...(message
      ? { message: summaryOf(message, ownFrom === false ? ['another person'] : own) }
      : {}),
  }
}

function summaryOf(
  { list, unclearFrom, ...message }: NonNullable<EventOf<'step-judged'>['step']['message']>,
  from: readonly string[],
): MessageSummary {
  return {
    ...message,
    ...(list ? { listId: '' } : {}),
    ...(unclearFrom ? { unclearFrom: '' } : {}),
    from,
    subject: '',
    hasDate: true,
    text: '',
    fingerprint: '',
    utf8Header: false,
  }
}
