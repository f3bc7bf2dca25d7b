// RCPT TO (RFC 5321 §4.1.1.3).

import type { RecipientWishes } from '../../../model/wishes.ts'
import { behindWord, bracketsAt, NEEDS_UTF8, parsePath } from '../path.ts'
import { isRefusal, replyTo } from '../replies.ts'
import type { Reaction, Setup, State } from '../state.ts'
import { rcptWishes } from '../wishes.ts'
import { type Command, mistake, say } from './command.ts'

export const rcpt: Command = { name: 'RCPT', phases: ['mail', 'rcpt'], run }

function run(state: State, args: string, setup: Setup): Reaction {
  const written = behindWord(args, 'TO:')
  const path = written === undefined ? undefined : parsePath(written, bracketsAt(setup))
  if (!path || path.address === '')
    return mistake(state, '501 5.1.3 Write RCPT TO:<them@example.org>\r\n')
  const read = rcptWishes(path.parameters, setup)
  if ('problem' in read) return mistake(state, read.problem)
  if (path.utf8 && !state.mail?.wishes.utf8) return mistake(state, NEEDS_UTF8)
  // RFC 5321 §4.5.3.1.10: 452 for too many, so that the rest is sent in another transaction.
  if (state.recipients.length >= setup.maxRecipients)
    return say(state, '452 4.5.3 Enough recipients for one message\r\n')
  const earlier = state.refusal ?? state.mail?.refusal
  if (earlier && isRefusal(earlier.verdict)) return mistake(state, replyTo(earlier.verdict, ''))
  const recipient = path.address === 'postmaster' ? setup.postmaster : path.address
  const about = withWishes(state, recipient, read.wishes)
  const ask = { ask: 'judge', stage: 'rcpt', about, recipient } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

/** The transaction with what this recipient's copy is to be reported on; nothing changes for nearly all. */
function withWishes(state: State, recipient: string, wishes: RecipientWishes): Partial<State> {
  if (!state.mail || Object.keys(wishes).length === 0) return {}
  const { mail } = state
  const recipients = { ...mail.wishes.recipients, [recipient]: wishes }
  return { mail: { ...mail, wishes: { ...mail.wishes, recipients } } }
}
