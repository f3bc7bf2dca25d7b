// BDAT (RFC 3030): a message in chunks of known length. Whatever we think of a chunk, its bytes are read to their end:
// they are never commands.

import type { Chunk, Reaction, Setup, State } from '../state.ts'
import { type Command, idle, mistake, say } from './command.ts'
import { dataEnded, refuses } from './data.ts'

export const bdat: Command = {
  name: 'BDAT',
  phases: ['new', 'greeted', 'mail', 'rcpt', 'bdat'],
  run,
}

function run(state: State, args: string): Reaction {
  const match = /^(\d{1,15})(?:[ \t]+(LAST))?$/i.exec(args)
  if (!match) {
    // Where the next command begins is unknown.
    return {
      state: { ...state, phase: 'closed' },
      output: '501 5.5.4 Syntax: BDAT count [LAST]\r\n',
      then: 'close',
    }
  }
  const chunk = {
    size: Number(match[1]),
    first: state.phase !== 'bdat',
    last: match[2] !== undefined,
  }
  if (state.phase === 'bdat') return readChunk(state, chunk)
  if (state.phase !== 'rcpt')
    return readChunk(state, {
      ...chunk,
      refusal: '503 5.5.1 Bad sequence of commands: no valid recipients\r\n',
    })
  const ask = { ask: 'open', chunk } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

/** The message can be taken: now its first chunk. */
export function bdatOpened(state: State, chunk: Chunk): Reaction {
  return readChunk({ ...state, phase: 'bdat' }, chunk)
}

export function readChunk(state: State, chunk: Chunk): Reaction {
  return { state: { ...state, chunk }, output: '', then: 'read-chunk', chunk }
}

export function chunkEnded(
  state: State,
  setup: Setup,
  end: { readonly repaired: boolean; readonly tooLarge: boolean },
): Reaction {
  const { chunk, ...rest } = state
  if (chunk?.refusal !== undefined) return mistake(rest, chunk.refusal)
  if (chunk?.last || end.tooLarge || refuses(setup, end)) return dataEnded(rest, setup, end)
  const size = chunk?.size ?? 0
  return (size === 0 ? idle : say)(rest, `250 2.0.0 ${size} octets taken\r\n`)
}
