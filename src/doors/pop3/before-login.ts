// What a client may say before its login: a few commands that are answered here, until a name and a password are right by the word of the
// server behind. Passwords are taken over TLS only.

import type { ByteSource } from '../../gateway/byte-source.ts'
import { type Claim, claimIn, isPossible, mechanismOf } from '../../gateway/claim.ts'
import type { TokenMechanism } from '../../mail/sasl/bearer.ts'
import { utf8 } from '../../mail/sasl/plain.ts'
import { beforeLogin } from './capabilities.ts'
import { commandLine } from './command-line.ts'

export type BeforeLogin = {
  readonly source: ByteSource
  readonly say: (line: string) => void
  readonly isSecure: boolean
  readonly sends: boolean
  /** Beside names and passwords. */
  readonly tokens: readonly TokenMechanism[]
  /** Undefined when it is right. */
  readonly check: (claim: Claim) => Promise<NotRight | undefined>
}

/** A line that says so, and the reason why a token is refused before it. */
export type NotRight = { readonly words: string; readonly reason?: string | undefined }

/** `start-tls`: the socket is to be secured, and the conversation begun anew. */
export type LoginOutcome = 'logged-in' | 'start-tls' | 'over'

/** An initial response may be long (RFC 5034 §4). */
const MAX_LINE = 8192
/** Postfix's smtpd_hard_error_limit; a program that was set up wrongly asks a person long before. */
const MAX_ERRORS = 20
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
    for (const line of ['+OK', 'PLAIN', ...given.tokens, '.']) given.say(line)
    return undefined
  }
  const known = mechanismOf(mechanism, given.tokens)
  if (!known) {
    const all = ['PLAIN', ...given.tokens].join(', ')
    return wrong(given, `-ERR Unknown mechanism; there is ${all}`)
  }
  if (first === undefined) given.say('+ ')
  const line = first ?? (await given.source.line(MAX_LINE))?.replace(/\r?\n$/, '')
  if (line === undefined) return 'over'
  if (line === '*') return wrong(given, '-ERR Authentication aborted')
  const claim = claimIn(known, line)
  if (claim === 'no-base64') return wrong(given, '-ERR That is no base64')
  if (claim === 'another') return wrong(given, '-ERR [AUTH] Log in as yourself')
  return checked(given, claim)
}

async function checked(given: BeforeLogin, claim: Claim): Promise<LoginOutcome | 'mistake'> {
  if (!isPossible(claim)) return wrong(given, '-ERR [AUTH] That is no name and password')
  const refusal = await given.check(claim)
  if (refusal) {
    // RFC 7628 §3.2.3: the client answers it, with nothing that matters.
    if (refusal.reason !== undefined) {
      given.say(`+ ${refusal.reason}`)
      if ((await given.source.line(MAX_LINE)) === undefined) return 'over'
    }
    return wrong(given, refusal.words)
  }
  given.say('+OK Logged in')
  return 'logged-in'
}
