// EHLO and HELO (RFC 5321 §4.1.1.1): the name that the client says, and our extensions.

import { multiline } from '../replies.ts'
import type { Reaction, Setup, State } from '../state.ts'
import { begunAnew } from '../state.ts'
import { offersDsn } from '../esmtp-parameters.ts'
import { mechanisms, offersAuth } from './mechanisms.ts'
import { type Command, mistake, OPEN_PHASES } from './command.ts'
import { USED } from './xclient.ts'

export const ehlo: Command = {
  name: 'EHLO',
  phases: OPEN_PHASES,
  run: (state, args, setup) => greet(state, { args, extended: true }, setup),
}
export const helo: Command = {
  name: 'HELO',
  phases: OPEN_PHASES,
  run: (state, args, setup) => greet(state, { args, extended: false }, setup),
}

/** As it is kept and judged: what no host name has is a question mark, so that a name in other letters is a bad name and no domain. */
function readName(args: string, { listener }: Setup): string | undefined {
  const name = args.trim()
  // Bytes that are no UTF-8. Postfix refuses them as it comes (smtputf8_enable); the PC of a customer may be called so.
  if (name === '' || (listener === 'inbound' && name.includes('\ufffd'))) return undefined
  const plain = name.replaceAll(/[^\x20-\x7e]/gu, '?')
  // What is cut is no domain, either.
  return plain.length > MAX_NAME ? `${plain.slice(0, MAX_NAME - 3)}...` : plain
}

/** RFC 5321 §4.5.3.1.2, octets. */
const MAX_NAME = 255

type Greeting = { readonly args: string; readonly extended: boolean }

function greet(state: State, { args, extended }: Greeting, setup: Setup): Reaction {
  const name = readName(args, setup)
  if (name === undefined) return mistake(state, '501 5.5.4 Syntax: EHLO hostname\r\n')
  const about = { helo: name, extended }
  const ask = { ask: 'judge', stage: 'helo', about } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}

/** The reply to an accepted greeting: the state is reset as RFC 5321 §4.1.4 requires; TLS and login are kept. */
export function greeted(state: State, setup: Setup, about: Partial<State>): Reaction {
  const next: State = {
    ...begunAnew(state),
    phase: 'greeted',
    tls: state.tls,
    idle: state.idle + 1,
    helo: about.helo ?? '',
    extended: about.extended ?? false,
    ...(state.login === undefined ? {} : { login: state.login }),
  }
  return {
    state: next,
    output: multiline(250, next.extended ? extensions(next, setup) : [setup.ourName]),
    // RFC 5321 §4.1.4: like RSET, whatever had begun.
    then: 'drop-message',
  }
}

function extensions(state: State, setup: Setup): string[] {
  const lines = [
    setup.ourName,
    'PIPELINING',
    `SIZE ${setup.maxSize}`,
    '8BITMIME',
    'SMTPUTF8',
    'CHUNKING',
    'ENHANCEDSTATUSCODES',
    // RFC 9422: a client with more recipients splits its list instead of getting 452.
    `LIMITS RCPTMAX=${setup.maxRecipients}`,
  ]
  if (offersDsn(setup)) lines.push('DSN')
  // RFC 8689 §2: offered under TLS only.
  if (state.tls) lines.push('REQUIRETLS')
  else if (setup.tlsAvailable) lines.push('STARTTLS')
  if (offersAuth(state, setup)) lines.push(`AUTH ${mechanisms(setup).join(' ')}`)
  if (setup.mayXclient) lines.push(`XCLIENT ${USED.join(' ')}`)
  return lines
}
