// STARTTLS (RFC 3207). Whatever the client has said before counts for nothing afterwards.

import { type Command, mistake } from './command.ts'
import { begunAnew } from '../state.ts'

export const starttls: Command = {
  name: 'STARTTLS',
  phases: ['greeted'],
  run: (state, args, setup) => {
    if (args !== '') return mistake(state, '501 5.5.4 Syntax: STARTTLS\r\n')
    if (state.tls || !setup.tlsAvailable)
      return mistake(state, '503 5.5.1 Bad sequence of commands: TLS not available\r\n')
    return {
      state: begunAnew(state),
      output: '220 2.0.0 Go ahead\r\n',
      then: 'start-tls',
    }
  },
}
