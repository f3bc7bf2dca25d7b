// XCLIENT (Postfix's XCLIENT_README): a trusted server in front of us names the real client. Like a new connection:
// the client greets again.

import { decodeXtext } from '../../../mail/xtext.ts'
import { canonicalIp } from '../../../model/ip.ts'
import { foldAddress } from '../../../model/mail-address.ts'
import type { Reaction, Setup, State } from '../state.ts'
import { INITIAL } from '../state.ts'
import { type Command, mistake } from './command.ts'

export const xclient: Command = { name: 'XCLIENT', phases: ['new', 'greeted'], run }

/** Attributes we use, and those we read past: names are not believed, HELO comes again. */
export const USED = ['ADDR', 'PORT', 'LOGIN'] as const
const READ_PAST = ['NAME', 'REVERSE_NAME', 'HELO', 'PROTO', 'DESTADDR', 'DESTPORT']
const ABSENT = /^\[(?:UNAVAILABLE|TEMPUNAVAIL)\]$/i

function run(state: State, args: string, setup: Setup): Reaction {
  if (!setup.mayXclient) return mistake(state, '550 5.7.0 Insufficient authorization\r\n')
  const given = new Map<string, string>()
  for (const word of args.split(/[ \t]+/).filter(Boolean)) {
    const [name = '', ...rest] = word.split('=')
    const value = decodeXtext(rest.join('='))
    if (value === undefined) return malformed(state, name)
    if (!ABSENT.test(value)) given.set(name.toUpperCase(), value)
  }
  for (const name of given.keys())
    if (!USED.some(used => used === name) && !READ_PAST.includes(name))
      return malformed(state, name)
  const address = canonicalIp(given.get('ADDR')?.replace(/^IPV6:/i, '') ?? '')
  if (given.has('ADDR') && address === undefined) return malformed(state, 'ADDR')
  const port = Number(given.get('PORT') ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return malformed(state, 'PORT')
  const login = setup.listener === 'submission' ? given.get('LOGIN') : undefined
  return {
    state: {
      ...INITIAL,
      tls: state.tls,
      errors: state.errors,
      idle: state.idle + 1,
      ...(login ? { login: foldAddress(login) } : {}),
    },
    output: `220 ${setup.ourName} ESMTP\r\n`,
    then: 'new-client',
    client: { ...(address === undefined ? {} : { address }), port },
  }
}

const malformed = (state: State, name: string) =>
  mistake(
    state,
    `501 5.5.4 ${/^[A-Z_]{1,20}$/i.test(name) ? name : 'This'} is not a known attribute\r\n`,
  )
