// What one request of Postfix asks, as steps for the engine, and what is remembered of its message from one request to the next. Pure.
//
// Postfix may ask at every step, at RCPT, at END-OF-MESSAGE, or at some of these; what was not judged before is judged where it asks. The
// requests of one message are joined by `instance`, over all connections (instances.ts).

import { fnv1a } from '../../model/fnv-1a.ts'
import { ownText } from '../../model/own-text.ts'
import type { Stage, Step } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Writable } from '../../model/writable.ts'
import type { PolicyRequest } from './codec.ts'
import { QUEUE_ID } from './replies.ts'
import { baseOf, type PolicySetup } from './step-of-request.ts'

/** What is remembered of one message between its requests. */
export type Memory = {
  /** Postfix's `instance` attribute; empty where a request has none, and then no requests are joined. */
  readonly instance: string
  readonly sender: string
  readonly judged: readonly Stage[]
  /** Recipients of this message that were not refused here. */
  readonly recipients: readonly string[]
  /** The refusal of the greeting or the sender: it holds for every recipient. */
  readonly refusal?: Verdict
  /** The last question that counted something, with its answer: asked again, it is answered the same and counts nothing. */
  readonly counted?: { readonly question: string; readonly answer: string | Promise<string> }
  /** END-OF-MESSAGE was answered: what comes now under this name is another message. */
  readonly over?: true
}

const NONE: readonly never[] = Object.freeze([])

/** A message of which nothing is known yet. */
export const begun = (instance: string, sender: string): Memory => ({
  instance: ownText(instance),
  sender: ownText(sender),
  judged: NONE,
  recipients: NONE,
})

/** Recipients of one message that are remembered and counted: Postfix accepts as many (smtpd_recipient_limit). */
const MAX_RECIPIENTS = 1000

export type Planned = {
  readonly memory: Memory
  /** Steps to judge, in this order, until one is refused. Empty where the request asks nothing. */
  readonly steps: readonly Step[]
  /** Identifies the question when Postfix repeats it; absent where the question counts nothing. */
  readonly question?: string | undefined
}

export function stepsOf(
  before: Memory | undefined,
  request: PolicyRequest,
  { setup, at }: { readonly setup: PolicySetup; readonly at: number },
): Planned {
  const state = request.protocol_state
  const question = questionOf(state, request, setup)
  const memory = memoryFor(before, request, question)
  const base = baseOf(request, setup, at)
  if (!base) return { memory, steps: NONE }
  const stages = stagesOf(state, memory, request)
  // Where mail is counted at END-OF-MESSAGE, an answer at RCPT cannot say whether the limits will hold.
  const early = setup.countAt === 'rcpt' ? setup.skipRules : setup.early
  const steps = stages.map((stage): Step => {
    if (stage === 'message') return messageStep(base, memory, request, { setup, question })
    if (stage !== 'rcpt') return { ...base, skipRules: early, stage }
    const recipient = request.recipient
    if (setup.countAt !== 'rcpt' || state !== 'RCPT')
      return { ...base, skipRules: early, stage, recipient, accepted: memory.recipients.length }
    return keptAs(request, {
      ...base,
      skipRules: early,
      stage,
      recipient,
      accepted: 0,
      commits: true,
    })
  })
  return { memory: judgedAt(memory, stages), steps, question }
}

/** The memory of the message that this request belongs to. */
function memoryFor(
  before: Memory | undefined,
  request: PolicyRequest,
  question: string | undefined,
): Memory {
  const sender = request.sender
  const instance = request.instance
  if (!before || instance === '') return begun(instance, sender)
  const isSame = before.sender === sender || before.judged.length === 0
  const isRepeated = question !== undefined && before.counted?.question === question
  return isSame && (isRepeated || !before.over) ? before : begun(instance, sender)
}

/**
 * The name of a question. Postfix asks again where it had no answer, and where its configuration names us twice. The name stays the same
 * after a restart of ours, and is another for each message even where the client gives all messages one `instance`.
 */
function questionOf(
  state: string,
  request: PolicyRequest,
  { countAt }: PolicySetup,
): string | undefined {
  const instance = request.instance
  if (instance === '') return undefined
  if (state === 'RCPT' && countAt === 'rcpt') return ownText(`${state} ${request.recipient}`)
  if (state !== 'END-OF-MESSAGE') return undefined
  const said = TELLING.map(name => request[name]).join('\n')
  return `${instance}.${fnv1a(said).toString(36)}`
}
const TELLING = [
  'client_address',
  'queue_id',
  'sender',
  'size',
  'recipient_count',
  'recipient',
] as const

/** Adds stages, each once, so that many recipients do not make the list longer. */
function judgedAt(memory: Memory, stages: readonly Stage[]): Memory {
  const { judged } = memory
  if (judged.length === 0) return { ...memory, judged: stages }
  const more = stages.filter(stage => !judged.includes(stage))
  return more.length === 0 ? memory : { ...memory, judged: [...judged, ...more] }
}

/** What was answered: the verdict with the stage that it comes from, and what counted something. */
type AnsweredAt = {
  readonly verdict: Verdict
  readonly stage: Stage
  readonly counted?: Memory['counted']
}

/** The memory after an answer: adds the recipients that were accepted, and a refusal of the greeting or the sender. */
export function remember(memory: Memory, request: PolicyRequest, told: AnsweredAt): Memory {
  const { verdict, stage, counted } = told
  const isRefused = verdict.kind === 'reject' || verdict.kind === 'defer'
  const next: Writable<Memory> = { ...memory }
  if (counted) next.counted = counted
  if (isRefused && (stage === 'helo' || stage === 'mail')) next.refusal = verdict
  const state = request.protocol_state
  if (state === 'RCPT' && !isRefused)
    next.recipients = withRecipient(memory.recipients, request.recipient)
  if (state === 'END-OF-MESSAGE') {
    next.recipients = NONE
    next.over = true
  }
  return next
}

function withRecipient(recipients: readonly string[], recipient: string): readonly string[] {
  if (recipients.length >= MAX_RECIPIENTS || recipients.at(-1) === recipient) return recipients
  return [...recipients, ownText(recipient)]
}

/** Stages of one request: of a Postfix that asks at RCPT only, and of one that asks at END-OF-MESSAGE only. */
const AT_RCPT_ALONE: readonly Stage[] = Object.freeze(['helo', 'mail', 'rcpt'])
const AT_THE_END_ALONE: readonly Stage[] = Object.freeze(['helo', 'mail', 'message'])

function stagesOf(state: string, known: Memory, request: PolicyRequest): readonly Stage[] {
  const missing = (...stages: Stage[]) => stages.filter(stage => !known.judged.includes(stage))
  switch (state) {
    case 'CONNECT':
      return ['connect']
    case 'HELO':
    case 'EHLO':
      return ['helo']
    case 'MAIL':
      return [...missing('helo'), 'mail']
    case 'RCPT':
      return known.judged.length === 0 ? AT_RCPT_ALONE : [...missing('helo', 'mail'), 'rcpt']
    case 'END-OF-MESSAGE': {
      // With several recipients Postfix sends only their number.
      const rcpt = request.recipient === '' ? [] : missing('rcpt')
      const isAlone = known.judged.length === 0 && rcpt.length === 0
      return isAlone ? AT_THE_END_ALONE : [...missing('helo', 'mail'), ...rcpt, 'message']
    }
    default:
      // DATA, VRFY, ETRN, and states of a later Postfix: Cordon judges nothing there.
      return NONE
  }
}

function messageStep(
  base: Omit<Step, 'stage'>,
  { recipients: heard }: Memory,
  request: PolicyRequest,
  {
    setup,
    question: once,
  }: { readonly setup: PolicySetup; readonly question?: string | undefined },
): Step {
  const only = request.recipient
  const said = numberOf(request.recipient_count)
  // Postfix names the one that is left: it may have refused others that were asked about here.
  const isOne = only !== '' && (said === 1 || heard.length === 0)
  const recipients = isOne ? [only] : heard
  // Each recipient was counted at RCPT.
  const isCounted = setup.countAt === 'rcpt' && heard.length > 0
  const recipientCount = said ?? Math.max(1, recipients.length)
  const step: Writable<Step> = {
    ...base,
    skipRules: isCounted ? setup.uncounted : setup.skipRules,
    stage: 'message',
    recipients,
    recipientCount,
    commits: true,
  }
  if (once !== undefined) step.once = once
  return keptAs(request, step)
}

/** With Postfix's own name of the message, where it has one. */
function keptAs(request: PolicyRequest, step: Writable<Step>): Step {
  const id = request.queue_id
  // At RCPT it has none most often.
  if (id !== '' && QUEUE_ID.test(id)) step.keptAs = id
  return step
}

/** Recipients: more than any server accepts for one message. */
const MOST = 1_000_000

/** Undefined for 0, which Postfix sends for an unknown number. */
function numberOf(said: string): number | undefined {
  const number = /^\d{1,7}$/.test(said) ? Number(said) : 0
  return number > 0 ? Math.min(number, MOST) : undefined
}
