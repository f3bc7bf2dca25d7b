// RCPT TO (RFC 5321 §4.1.1.3).

import { parsePath } from '../path.ts'
import { isRefusal, replyTo } from '../replies.ts'
import type { Reaction, Setup, State } from '../state.ts'
import { type Command, mistake, say } from './command.ts'

export const rcpt: Command = { name: 'RCPT', phases: ['mail', 'rcpt'], run }

function run(state: State, args: string, setup: Setup): Reaction {
  const path = /^TO:/i.test(args) ? parsePath(args.slice(3)) : undefined
  if (!path || path.address === '')
    return mistake(state, '501 5.1.3 Write RCPT TO:<them@example.org>\r\n')
  const [unknown] = path.parameters.keys()
  if (unknown !== undefined)
    return mistake(state, `555 5.5.4 ${unknown} is not understood here\r\n`)
  // RFC 5321 §4.5.3.1.10: 452 for too many, so that the rest is sent in another transaction.
  if (state.recipients.length >= setup.maxRecipients)
    return say(state, '452 4.5.3 Enough recipients for one message\r\n')
  const earlier = state.refusal ?? state.mail?.refusal
  if (earlier && isRefusal(earlier.verdict)) return mistake(state, replyTo(earlier.verdict, ''))
  const recipient = path.address === 'postmaster' ? `postmaster@${setup.ourName}` : path.address
  const ask = { ask: 'judge', stage: 'rcpt', about: {}, recipient } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}
