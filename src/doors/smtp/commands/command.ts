// The shape of a command: its name, the phases it is allowed in, and what it does.

import type { Phase, Reaction, Setup, State } from '../state.ts'

export type Command = {
  readonly name: string
  readonly phases: readonly Phase[]
  /** `args` is the rest of the line after the name and one space or tab. */
  run(state: State, args: string, setup: Setup): Reaction
}

export const say = (state: State, output: string): Reaction => ({ state, output })

/** A mistake of the client's: counted, because after too many the session ends. */
export const mistake = (state: State, output: string): Reaction => ({
  state: { ...state, errors: state.errors + 1 },
  output,
})

/** A valid command that sends no mail: counted, because after too many without a message the session ends. */
export const idle = (state: State, output: string): Reaction => ({
  state: { ...state, idle: state.idle + 1 },
  output,
})

export const OPEN_PHASES: readonly Phase[] = ['new', 'greeted', 'mail', 'rcpt', 'bdat']

/** In the middle of AUTH. */
export const MALFORMED = '501 5.5.2 Invalid authentication data\r\n'
