// DATA (RFC 5321 §4.1.1.4) and its end.

import type { FormFault } from '../../../model/step.ts'
import type { Judgement } from '../../../model/verdict.ts'
import { isRefusal, refusal, replyTo } from '../replies.ts'
import { noticed, type Reaction, type Setup, type State, withoutTransaction } from '../state.ts'
import { type Command, mistake } from './command.ts'

export const data: Command = {
  name: 'DATA',
  phases: ['rcpt'],
  run: (state, args) => {
    if (args !== '') return mistake(state, '501 5.5.4 Syntax: DATA\r\n')
    const ask = { ask: 'open' } as const
    return { state: { ...state, asked: ask }, output: '', ask }
  },
}

export function dataOpened(state: State): Reaction {
  return {
    state: { ...state, phase: 'data' },
    output: '354 End data with <CR><LF>.<CR><LF>\r\n',
    then: 'read-data',
  }
}

/** The whole message is here: refused for its form at once, or the engine is asked. */
export function dataEnded(
  state: State,
  setup: Setup,
  end: { readonly repaired: boolean; readonly tooLarge: boolean },
): Reaction {
  const drop = (fault: FormFault): Reaction => {
    const ask = { ask: 'judge', stage: 'message', about: {}, fault } as const
    return { state: { ...state, asked: ask }, output: '', ask, then: 'drop-message' }
  }
  if (end.tooLarge) return drop('message-too-large')
  const after = end.repaired ? noticed(state, 'bare-newline') : state
  if (refuses(setup, end)) return drop('bare-newline')
  const ask = { ask: 'finish' } as const
  return { state: { ...after, asked: ask }, output: '', ask }
}

/** The answer to a message. 250 means that it is on our disk. */
export function finished(state: State, judgement: Judgement): Reaction {
  const after = withoutTransaction(state)
  return {
    state: isRefusal(judgement.verdict) ? after : { ...after, idle: 0 },
    output: replyTo(judgement.verdict, taken(judgement.message)),
  }
}

/** The reply to a message that is refused for its form, without a rule; with the name of the refusal where there is one. */
export function faulty(fault: FormFault, { verdict }: Judgement, { maxSize }: Setup): string {
  const name = 'help' in verdict ? verdict.help : undefined
  const parts = [
    ...(fault === 'message-too-large' ? [`at most ${maxSize} bytes`] : []),
    ...(name ? [name] : []),
  ]
  return refusal(fault, 5, parts.length > 0 ? parts.join('; ') : undefined)
}

/** From outside, a bare newline is an attack or a broken server; our own users' programs are forgiven. */
export const refuses = (setup: Setup, end: { readonly repaired: boolean }): boolean =>
  end.repaired && setup.bareNewlines === 'reject'

/** Postfix's words: programs read the name of the message out of them. */
const taken = (message: string | undefined): string =>
  `250 2.0.0 Ok: ${message === undefined ? 'accepted' : `queued as ${message}`}\r\n`
