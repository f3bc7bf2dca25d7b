// MAIL FROM (RFC 5321 §4.1.1.2, RFC 1870 SIZE, RFC 6152 8BITMIME).

import { parsePath } from '../path.ts'
import type { Reaction, Setup, State } from '../state.ts'
import { type Command, mistake, say } from './command.ts'

export const mail: Command = { name: 'MAIL', phases: ['greeted'], run }

function run(state: State, args: string, setup: Setup): Reaction {
  const path = /^FROM:/i.test(args) ? parsePath(args.slice(5)) : undefined
  if (!path) return mistake(state, '501 5.1.7 Write MAIL FROM:<you@example.org>\r\n')
  if (path.address === 'postmaster') return mistake(state, '501 5.1.7 A sender needs a domain\r\n')
  const problem = unknownParameter(path.parameters)
  if (problem) return mistake(state, problem)
  const declared = path.parameters.get('SIZE')
  if (declared !== undefined && !/^\d{1,20}$/.test(declared))
    return mistake(state, '501 5.5.4 SIZE is a number\r\n')
  const size = declared === undefined ? undefined : Number(declared)
  if (size !== undefined && size > setup.maxSize)
    return say(state, `552 5.3.4 At most ${setup.maxSize} bytes\r\n`)
  const begun = {
    sender: path.address,
    eightBit: path.parameters.get('BODY')?.toUpperCase() === '8BITMIME',
    ...(size === undefined ? {} : { size }),
  }
  const ask = { ask: 'judge', stage: 'mail', about: { mail: begun } } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

function unknownParameter(parameters: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of parameters) {
    // RFC 4954 §5: AUTH= must be understood where AUTH is offered; we believe our own login instead.
    if (name === 'SIZE' || name === 'AUTH') continue
    if (name === 'BODY' && /^(?:7BIT|8BITMIME)$/i.test(value)) continue
    return `555 5.5.4 ${name} is not understood here\r\n`
  }
  return undefined
}
