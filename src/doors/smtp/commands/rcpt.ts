// RCPT TO (RFC 5321 §4.1.1.3).

import type { RecipientParameters } from '../../../model/esmtp-parameters.ts'
import { behindWord, bracketsAt, isRole, NEEDS_UTF8, parsePath } from '../path.ts'
import { isRefusal, replyTo } from '../replies.ts'
import type { Reaction, Setup, State } from '../state.ts'
import { rcptParameters } from '../esmtp-parameters.ts'
import { type Command, mistake, say } from './command.ts'

export const rcpt: Command = { name: 'RCPT', phases: ['mail', 'rcpt'], run }

function run(state: State, args: string, setup: Setup): Reaction {
  const written = behindWord(args, 'TO:')
  const path = written === undefined ? undefined : parsePath(written, bracketsAt(setup))
  if (!path || path.address === '')
    return mistake(state, '501 5.1.3 Bad recipient address syntax; syntax: RCPT TO:<address>\r\n')
  const { parameters } = path
  if ('problem' in parameters) return mistake(state, parameters.problem)
  const read = rcptParameters(parameters, setup)
  if ('problem' in read) return mistake(state, read.problem)
  if (path.utf8 && !state.mail?.esmtp.utf8) return mistake(state, NEEDS_UTF8)
  // RFC 5321 §4.5.3.1.10: 452 for too many, so that the rest is sent in another transaction.
  if (state.recipients.length >= setup.maxRecipients)
    return say(state, '452 4.5.3 Too many recipients\r\n')
  const earlier = state.refusal ?? state.mail?.refusal
  if (earlier && isRefusal(earlier.verdict)) return mistake(state, replyTo(earlier.verdict, ''))
  const recipient = withDomain(path.address, setup)
  const about = withParameters(state, recipient, read.esmtp)
  const ask = { ask: 'judge', stage: 'rcpt', about, recipient } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

/** A role without a domain is of our domain; a client that knows only our address reaches the postmaster, too. */
function withDomain(address: string, { postmaster, ownLiteral }: Setup): string {
  if (isRole(address)) return postmaster.replace(/^postmaster(?=@)/, address)
  const isOfAddress =
    ownLiteral !== undefined && address.toLowerCase() === `postmaster@${ownLiteral}`
  return isOfAddress ? postmaster : address
}

/** The transaction with the reports that this recipient asks for; for nearly all recipients nothing changes. */
function withParameters(
  state: State,
  recipient: string,
  esmtp: RecipientParameters,
): Partial<State> {
  if (!state.mail || Object.keys(esmtp).length === 0) return {}
  const { mail } = state
  const recipients = { ...mail.esmtp.recipients, [recipient]: esmtp }
  return { mail: { ...mail, esmtp: { ...mail.esmtp, recipients } } }
}
