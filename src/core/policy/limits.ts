// Limits that ordinary people never meet, on everything the mail belongs to at once: the login and the line; of mail without a
// login and a line the address it came from. Over a limit the mail is held until there is room again: a 4xx would only make
// a bot's program try again, and a 5xx would lose a person's mail.

import type { Op, SumOp } from '../../model/counter.ts'
import { MAX_HOLD } from '../../model/decision.ts'
import { DAY, HOUR, MINUTE } from '../../model/duration.ts'
import { isLoopback, sourceOf } from '../../model/ip.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Plan } from '../../model/subscriber.ts'
import type { Verdict } from '../../model/verdict.ts'
import { longestWait, waitOfLarge } from './larger-than-limit.ts'
import type { Known, Mode, Rule } from './rule.ts'

/** Of one plan; the defaults of all others are ten times those of consumer. All are off with `rules.limits: off`. */
export type Limits = {
  /** Messages in a rolling hour: `limits.consumer.messagesPerHour`, 60 by default, 1 to 1,000,000,000; all four are off with `rules.limits: off`. */
  readonly messagesPerHour: number
  /** Recipients in a rolling hour: `limits.consumer.recipientsPerHour`, 100 by default, 1 to 1,000,000,000. */
  readonly recipientsPerHour: number
  /** Recipients in a rolling day: `limits.consumer.recipientsPerDay`, 500 by default, 1 to 1,000,000,000. */
  readonly recipientsPerDay: number
  /**
   * People this sender has never written to before, in a rolling day: `limits.consumer.firstTimePerDay`, 100 by default, 1 to
   * 1,000,000,000.
   */
  readonly firstTimePerDay: number
}

/** ms. A held message is looked at again this soon even when the window has no room yet. */
const LOOK_AGAIN = 30 * MINUTE

export function limits(mode: Mode, perPlan: Readonly<Record<Plan, Limits>>): Rule {
  const counts = (step: AttributedStep) => {
    const keys = keysOf(step)
    const limit = perPlan[planOf(step)]
    return keys.length === 1
      ? operations(keys[0] as string, step, limit)
      : keys.flatMap(key => operations(key, step, limit))
  }
  return {
    name: 'limits',
    about:
      'Mail of a customer is within limits that ordinary people never reach; over them it is held.',
    reasons: ['over-limit'],
    listeners: ['submission', 'trusted-network', 'redirected'],
    stages: ['rcpt', 'message'],
    mode,
    onFailure: 'accept',
    counts,
    decide: (step, known) => decide(step, known, counts),
  }
}

/** Of local programs there may be many: a list server, a web site, reports of cron. */
const planOf = ({ plan, local }: AttributedStep): Plan => plan ?? (local ? 'site' : 'consumer')

function decide(
  step: AttributedStep,
  { over, readings }: Known,
  counts: (step: AttributedStep) => readonly Op[],
): Verdict | undefined {
  if (!over) return undefined
  const ops = counts(step)
  const wait = longestWait(ops)
  // Of several limits the one that the message waits for longest.
  const index = wait > 0 ? ops.findIndex(one => waitOfLarge(one) === wait) : over.index
  const op = ops[index]
  return {
    kind: 'hold',
    reason: 'over-limit',
    until: Math.max(over.resetAt, step.at + LOOK_AGAIN, step.at + Math.min(wait, MAX_HOLD)),
    ...(op?.op === 'sum' ? { help: inWords(op, readings[index]?.value ?? 0) } : {}),
  }
}

const WHOSE = {
  login: 'a mail account',
  line: 'a connection',
  source: 'an address',
  machine: 'local programs',
} as const
const OF_WHAT = {
  messages: 'messages within an hour',
  recipients: 'recipients within an hour',
  day: 'recipients within a day',
  first: 'people never written to before, within a day',
} as const

/** Which limit, and how much was sent: the key says both whose it is and what is counted. */
function inWords({ key, limit = 0, amount }: SumOp, before: number): string {
  const whose = WHOSE[key.slice(0, key.indexOf(':')) as keyof typeof WHOSE]
  const what = OF_WHAT[key.slice(key.lastIndexOf('-') + 1) as keyof typeof OF_WHAT]
  return `the limit of ${whose} is ${limit} ${what}; ${before} before this message, and ${amount} with it`
}

/**
 * All keys that this mail is counted under. An address (IPv6: its /64) is counted only for a client without login and lease: one machine of
 * an office must not use up what the others may send. Behind the address of a webmail are many logins with limits of their own; loopback
 * is not counted, but for what programs of the mail server's own machine hand in: they are one sender together.
 */
function keysOf(step: AttributedStep): string[] {
  const { login, who, client, local } = step
  const keys = login === undefined ? [] : [`login:${login}`]
  if (who.subscriber !== undefined && who.sure === 'certain') keys.push(`line:${who.subscriber}`)
  else if (login === undefined && local) keys.push('machine:local')
  else if (login === undefined && !isLoopback(client.address))
    keys.push(`source:${sourceOf(client.address)}`)
  return keys
}

function operations(key: string, step: AttributedStep, limit: Limits): Op[] {
  const recipients = step.recipientCount ?? step.recipients?.length ?? (step.accepted ?? 0) + 1
  const ops: Op[] = [
    {
      op: 'sum',
      key: `${key}#limit-recipients`,
      amount: recipients,
      window: HOUR,
      limit: limit.recipientsPerHour,
    },
    {
      op: 'sum',
      key: `${key}#limit-day`,
      amount: recipients,
      window: DAY,
      limit: limit.recipientsPerDay,
    },
  ]
  // At RCPT it is a forecast, and one more recipient makes no more messages.
  if (step.stage !== 'message') return ops
  ops.push({
    op: 'sum',
    key: `${key}#limit-messages`,
    amount: 1,
    window: HOUR,
    limit: limit.messagesPerHour,
  })
  if (step.firstTime !== undefined) {
    ops.push({
      op: 'sum',
      key: `${key}#limit-first`,
      amount: step.firstTime,
      window: DAY,
      limit: limit.firstTimePerDay,
    })
  }
  return ops
}
