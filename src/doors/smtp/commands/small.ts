// RSET, NOOP, VRFY, HELP and QUIT: commands that need no judgement.

import { withoutTransaction } from '../state.ts'
import { type Command, idle, mistake, OPEN_PHASES } from './command.ts'

export const rset: Command = {
  name: 'RSET',
  phases: OPEN_PHASES,
  run: (state, args) =>
    args === ''
      ? { ...idle(withoutTransaction(state), '250 2.0.0 Ok\r\n'), then: 'drop-message' }
      : mistake(state, '501 5.5.4 Syntax: RSET\r\n'),
}

export const noop: Command = {
  name: 'NOOP',
  phases: OPEN_PHASES,
  run: state => idle(state, '250 2.0.0 Ok\r\n'),
}

// RFC 5321 §3.5.3 and §7.3: a server that will not tell says 252.
export const vrfy: Command = {
  name: 'VRFY',
  phases: OPEN_PHASES,
  run: (state, args) =>
    args === ''
      ? mistake(state, '501 5.5.4 Syntax: VRFY address\r\n')
      : idle(state, '252 2.1.5 Send some mail, we will try\r\n'),
}

export const help: Command = {
  name: 'HELP',
  phases: OPEN_PHASES,
  run: state =>
    idle(state, '214 2.0.0 EHLO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY QUIT\r\n'),
}

export const quit: Command = {
  name: 'QUIT',
  phases: OPEN_PHASES,
  run: (state, _args, setup) => ({
    state: { ...state, phase: 'closed' },
    output: `221 2.0.0 ${setup.ourName} closing\r\n`,
    then: 'close',
  }),
}
