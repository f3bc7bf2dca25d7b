// What the engine is asked, made of what the session knows by then: a step, or a transaction. Pure.

import type { Client, ListenerKind, Step, Transaction } from '../../model/step.ts'
import { NO_PARAMETERS } from '../../model/esmtp-parameters.ts'
import type { Ask, State } from './state.ts'

/** The session, time and client of a question. */
export type Asker = {
  readonly session: string
  readonly listener: ListenerKind
  readonly client: Client
  readonly at: number
}

export function stepOf(
  state: State,
  ask: Extract<Ask, { ask: 'judge' }>,
  { session, listener, client, at }: Asker,
): Step {
  const known = { ...state, ...ask.about }
  return {
    session,
    listener,
    stage: ask.stage,
    at,
    client,
    tls: known.tls,
    helo: known.helo,
    accepted: known.recipients.length,
    ...(known.login === undefined ? {} : { login: known.login }),
    ...(known.violations ? { violations: known.violations } : {}),
    ...(known.mail ? { sender: known.mail.sender } : {}),
    ...(known.mail?.size === undefined ? {} : { size: known.mail.size }),
    ...(ask.recipient === undefined ? {} : { recipient: ask.recipient }),
    ...(ask.fault ? { fault: ask.fault, recipients: known.recipients } : {}),
  }
}

export function transactionOf(
  { tls, helo, extended, login, mail, recipients, violations }: State,
  { session, listener, client, at }: Asker,
): Transaction {
  return {
    session,
    listener,
    at,
    client,
    tls,
    helo,
    sender: mail?.sender ?? '',
    recipients,
    extended,
    esmtp: mail?.esmtp ?? NO_PARAMETERS,
    ...(violations ? { violations } : {}),
    ...(login === undefined ? {} : { login }),
  }
}
