// What a client may say before its login: a few commands that are answered here, until a name and a password are right by the word of the
// server behind. Passwords are taken over TLS only.

import type { ByteSource } from '../../gateway/byte-source.ts'
import { decodeBase64, type Offered, parsePlainBytes, utf8 } from '../../mail/sasl/plain.ts'
import { beforeLogin } from './capabilities.ts'
import { commandLine } from './command-line.ts'

export type BeforeLogin = {
  readonly source: ByteSource
  readonly say: (line: string) => void
  readonly isSecure: boolean
  readonly sends: boolean
  /** Undefined when it is right; why it is not otherwise. */
  readonly check: (offered: Offered) => Promise<string | undefined>
}

/** `start-tls`: the socket is to be secured, and the conversation begun anew. */
export type LoginOutcome = 'logged-in' | 'start-tls' | 'over'

/** An initial response may be long (RFC 5034 §4). */
const MAX_LINE = 8192
/** Postfix's smtpd_hard_error_limit; a program that was set up wrongly asks a person long before. */
const MAX_ERRORS = 20
/** No login name or password is longer. */
const MAX_NAME = 255
const MAX_PASSWORD = 1024
const UNSAFE = '-ERR [AUTH] Passwords are taken over TLS only: use STLS'

export async function untilLogin(given: BeforeLogin): Promise<LoginOutcome> {
  const { say, source } = given
  let user: string | undefined
  for (let errors = 0; errors < MAX_ERRORS; ) {
    const line = await source.line(MAX_LINE)
    if (line === undefined) return 'over'
    const command = commandLine(line)
    const { verb = '', rest = '' } = command ?? {}
    if (verb === 'USER' && given.isSecure && rest !== '') {
      user = utf8(rest)
      say('+OK')
      continue
    }
    const offered = verb === 'PASS' && user !== undefined && { login: user, password: rest }
    if (verb === 'PASS') user = undefined
    const ended = offered ? await checked(given, offered) : await answer(given, verb, rest)
    if (ended === 'mistake') errors++
    else if (ended) return ended
  }
  say('-ERR Too many errors')
  return 'over'
}

async function answer(
  given: BeforeLogin,
  verb: string,
  rest: string,
): Promise<LoginOutcome | 'mistake' | undefined> {
  const { say, isSecure } = given
  switch (verb) {
    case 'CAPA':
      for (const line of ['+OK Capability list follows', ...beforeLogin(given), '.']) say(line)
      return undefined
    case 'QUIT':
      say('+OK Logging out')
      return 'over'
    case 'STLS':
      if (isSecure) return wrong(given, '-ERR TLS is active already')
      say('+OK Begin TLS negotiation now')
      return 'start-tls'
    case 'USER':
    case 'PASS':
      return wrong(given, isSecure ? '-ERR Say USER name, then PASS password' : UNSAFE)
    case 'AUTH':
      if (!isSecure) return wrong(given, UNSAFE)
      return authenticate(given, rest)
    default:
      return wrong(given, '-ERR Command unknown, or it needs a login')
  }
}

function wrong({ say }: BeforeLogin, words: string): 'mistake' {
  say(words)
  return 'mistake'
}

/** RFC 5034. */
async function authenticate(
  given: BeforeLogin,
  rest: string,
): Promise<LoginOutcome | 'mistake' | undefined> {
  const [mechanism = '', first] = rest.trimEnd().split(' ')
  if (mechanism === '') {
    for (const line of ['+OK', 'PLAIN', '.']) given.say(line)
    return undefined
  }
  if (mechanism.toUpperCase() !== 'PLAIN')
    return wrong(given, '-ERR Unknown mechanism; there is PLAIN')
  if (first === undefined) given.say('+ ')
  const line = first ?? (await given.source.line(MAX_LINE))?.replace(/\r?\n$/, '')
  if (line === undefined) return 'over'
  if (line === '*') return wrong(given, '-ERR Authentication aborted')
  const offered = parsePlainBytes(line)
  if (offered) return checked(given, offered)
  const isBase64 = decodeBase64(line) !== undefined
  return wrong(given, isBase64 ? '-ERR [AUTH] Log in as yourself' : '-ERR That is no base64')
}

async function checked(given: BeforeLogin, offered: Offered): Promise<LoginOutcome | 'mistake'> {
  const { login, password } = offered
  const isPossible =
    login !== '' &&
    login.length <= MAX_NAME &&
    password.length <= MAX_PASSWORD &&
    !/[\0\r\n]/.test(login + password)
  if (!isPossible) return wrong(given, '-ERR [AUTH] That is no name and password')
  const refusal = await given.check(offered)
  if (refusal !== undefined) return wrong(given, refusal)
  given.say('+OK Logged in')
  return 'logged-in'
}
