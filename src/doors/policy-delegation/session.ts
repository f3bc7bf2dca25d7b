// What one request of Postfix asks, as steps for the engine, and what is remembered from one to the next. Pure.
//
// Postfix may ask at every step or at RCPT alone; the greeting and the sender are judged at RCPT where they were not before.
// The requests of one message are joined by `instance`; a new one means that the last message is over.

import { canonicalIp } from '../../model/ip.ts'
import { loginAddress } from '../../model/mail-address.ts'
import type { ListenerKind, Stage, Step } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Writable } from '../../model/writable.ts'
import type { PolicyRequest } from './codec.ts'

export type PolicySetup = {
  /** What unauthenticated clients are: `inbound`, unless this Postfix is for something else. */
  readonly listener: ListenerKind
  readonly realm: string
  /** Appended to SASL names that have none. */
  readonly domain: string
  /** Where mail is counted: at each RCPT, or once at END-OF-MESSAGE, where Postfix is set up to ask there. */
  readonly countAt: 'rcpt' | 'end-of-message'
  /** Rules that are Postfix's own business. */
  readonly skipRules: readonly string[]
}

export type Memory = {
  readonly instance: string
  readonly judged: readonly Stage[]
  /** Recipients of this message that were not refused here. */
  readonly recipients: readonly string[]
  /** Of the greeting or the sender: it holds for every recipient. */
  readonly refusal?: Verdict
}

export const NOTHING: Memory = Object.freeze({ instance: '', judged: [], recipients: [] })

/** A message of this many recipients is counted; Postfix itself stops at a thousand. */
const MAX_RECIPIENTS = 1000

/** What is to be judged, in this order, until something refuses. Empty where there is nothing to say. */
export function stepsOf(
  memory: Memory,
  request: PolicyRequest,
  { setup, at }: { readonly setup: PolicySetup; readonly at: number },
): { readonly memory: Memory; readonly steps: readonly Step[] } {
  const instance = request.get('instance') ?? ''
  const known = memory.instance === instance ? memory : { instance, judged: [], recipients: [] }
  const base = baseOf(request, setup, at)
  if (!base) return { memory: known, steps: [] }
  const stages = stagesOf(request.get('protocol_state') ?? '', known, setup)
  const steps = stages.map((stage): Step => {
    if (stage === 'rcpt') {
      const recipient = request.get('recipient') ?? ''
      return setup.countAt === 'rcpt'
        ? { ...base, stage, recipient, accepted: 0, commits: true }
        : { ...base, stage, recipient, accepted: known.recipients.length }
    }
    if (stage !== 'message') return { ...base, stage }
    return { ...base, stage, recipients: known.recipients, commits: true }
  })
  return { memory: { ...known, judged: withStages(known.judged, stages) }, steps }
}

/** Each once: a message of many recipients makes it no longer. */
function withStages(judged: readonly Stage[], stages: readonly Stage[]): readonly Stage[] {
  if (judged.length === 0) return stages
  const more = stages.filter(stage => !judged.includes(stage))
  return more.length === 0 ? judged : [...judged, ...more]
}

/** After an answer: who of the recipients the message is really for. `stage` is the one that objected, if any did. */
export function remember(
  memory: Memory,
  request: PolicyRequest,
  { verdict, stage }: { readonly verdict: Verdict; readonly stage: Stage },
): Memory {
  if (verdict.kind === 'reject' || verdict.kind === 'defer')
    return stage === 'helo' || stage === 'mail' ? { ...memory, refusal: verdict } : memory
  if (request.get('protocol_state') !== 'RCPT') return memory
  if (memory.recipients.length >= MAX_RECIPIENTS) return memory
  return { ...memory, recipients: [...memory.recipients, request.get('recipient') ?? ''] }
}

/** A Postfix that asks at RCPT alone asks this each time. */
const AT_RCPT_ALONE: readonly Stage[] = Object.freeze(['helo', 'mail', 'rcpt'])

function stagesOf(state: string, known: Memory, setup: PolicySetup): readonly Stage[] {
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
    case 'END-OF-MESSAGE':
      return setup.countAt === 'end-of-message' && known.recipients.length > 0 ? ['message'] : []
    default:
      // DATA, VRFY, ETRN, and what Postfix may come to have: nothing of ours.
      return []
  }
}

function baseOf(
  request: PolicyRequest,
  setup: PolicySetup,
  at: number,
): Omit<Step, 'stage'> | undefined {
  const address = canonicalIp(request.get('client_address') ?? '')
  if (address === undefined) return undefined
  const login = request.get('sasl_username') ?? ''
  const size = Number(request.get('size') ?? 0)
  const base: Writable<Omit<Step, 'stage'>> = {
    session: request.get('instance') ?? '',
    listener: login === '' ? setup.listener : 'submission',
    at,
    client: { realm: setup.realm, address, port: portOf(request) },
    tls: (request.get('encryption_protocol') ?? '') !== '',
    helo: request.get('helo_name') ?? '',
    sender: request.get('sender') ?? '',
  }
  if (Number.isSafeInteger(size) && size > 0) base.size = size
  if (login !== '') base.login = loginAddress(login, setup.domain)
  if (setup.skipRules.length > 0) base.skipRules = setup.skipRules
  return base
}

/** Older Postfix does not say it. */
function portOf(request: PolicyRequest): number {
  const port = Number(request.get('client_port') ?? 0)
  return Number.isInteger(port) && port >= 0 && port < 65_536 ? port : 0
}
