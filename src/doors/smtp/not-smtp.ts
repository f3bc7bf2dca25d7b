// A client that speaks HTTP: a page that makes a browser post to a mail server, or a bot on its way through a proxy. Every line of it
// would be one more mistake, and one of them may be a command: the engine is told and the session ends, as in Postfix. The session of a
// client ends, too, whose line begins with no letter: a TLS handshake where there is STARTTLS, or the rest of a message that was refused.
// The engine is not told of those: a mail program that is set up wrongly is no sign of anything.

import { noticed, type Reaction, type State } from './state.ts'

const VERB = /^(?:GET|POST|PUT|HEAD|DELETE|PATCH|OPTIONS|TRACE|CONNECT|PRI) /i
/** A field of a header where a command should be. */
const FIELD = /^[A-Za-z0-9-]{1,100}:/

/** A space in front is a mistake like others. */
const NO_LETTER = /^[^A-Za-z \t]/

export const isNoCommand = (line: string): boolean => NO_LETTER.test(line)

export const isOtherProtocol = (line: string): boolean => VERB.test(line) || FIELD.test(line)

export function notSmtp(before: State): Reaction {
  const state = noticed(before, 'not-smtp')
  const ask = { ask: 'judge', stage: 'connect', about: {} } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

/** The engine was told; the session ends, whatever the rules say. */
export function notSmtpEnded(state: State): Reaction {
  return {
    state: { ...state, phase: 'closed' },
    output: '221 2.7.0 This is SMTP; goodbye\r\n',
    then: 'close',
  }
}
