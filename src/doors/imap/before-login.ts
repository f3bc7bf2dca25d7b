// What a client may say before its login: a few commands that are answered here, until a name and a password are right by the word of the
// server behind. Passwords are taken over TLS only.

import type { ByteSource } from '../../gateway/byte-source.ts'
import { type Claim, claimIn, isPossible, mechanismOf } from '../../gateway/claim.ts'
import type { TokenMechanism } from '../../mail/sasl/bearer.ts'
import { utf8 } from '../../mail/sasl/plain.ts'
import { beforeLogin } from './capabilities.ts'
import { astring, type CommandLine, commandLine, literalOf } from './command-line.ts'

/** What a login came to; `words` are said behind the tag, and the reason why a token is refused before them. */
export type Checked = {
  readonly words: string
  readonly isRight: boolean
  readonly reason?: string | undefined
}

export type BeforeLogin = {
  readonly source: ByteSource
  readonly say: (text: string) => void
  readonly isSecure: boolean
  readonly ourName: string
  /** Beside names and passwords. */
  readonly tokens: readonly TokenMechanism[]
  readonly check: (claim: Claim) => Promise<Checked>
}

/** `start-tls`: the socket is to be secured, and the conversation begun anew. */
export type LoginOutcome =
  | { readonly how: 'logged-in'; readonly reply: string }
  | { readonly how: 'start-tls' | 'over' }

const MAX_LINE = 8192
/** Bytes of one literal: a name or a password. */
const MAX_LITERAL = 1024
/** Postfix's smtpd_hard_error_limit; a program that was set up wrongly asks a person long before. */
const MAX_ERRORS = 20
const OVER: LoginOutcome = { how: 'over' }

export async function untilLogin(given: BeforeLogin): Promise<LoginOutcome> {
  const { say } = given
  for (let errors = 0; errors < MAX_ERRORS; ) {
    const text = await wholeCommand(given)
    if (text === undefined) return OVER
    const command = commandLine(text)
    if (!command) {
      say('* BAD Command has no tag\r\n')
      errors++
      continue
    }
    const ended = await answer(given, command)
    if (ended === 'mistake') errors++
    else if (ended) return ended
  }
  say('* BYE Too many errors\r\n')
  return OVER
}

/** With each literal as a quoted string. Undefined when the connection ended, or the client says too much. */
async function wholeCommand({ source, say }: BeforeLogin): Promise<string | undefined> {
  let whole = ''
  for (;;) {
    const line = await source.line(MAX_LINE)
    if (line === undefined || whole.length > MAX_LINE) return undefined
    const literal = literalOf(line)
    if (!literal) return whole + line
    if (literal.size > MAX_LITERAL) {
      say('* BYE [TOOBIG] Literal too large\r\n')
      return undefined
    }
    if (literal.waits) say('+ OK\r\n')
    const bytes = await exactly(source, literal.size)
    if (bytes === undefined) return undefined
    const start = line.replace(/~?\{\d+\+?\}\r?\n$/, '')
    whole += `${start}"${bytes.replaceAll(/["\\]/g, '\\$&')}"`
  }
}

async function exactly(source: ByteSource, size: number): Promise<string | undefined> {
  let text = ''
  while (text.length < size) {
    const bytes = await source.some(size - text.length)
    if (!bytes) return undefined
    text += bytes.toString('latin1')
  }
  return text
}

async function answer(
  given: BeforeLogin,
  { tag, verb, rest }: CommandLine,
): Promise<LoginOutcome | 'mistake' | undefined> {
  const { say, isSecure, ourName } = given
  switch (verb) {
    case 'CAPABILITY':
      say(
        `* CAPABILITY ${beforeLogin(isSecure, given.tokens)}\r\n${tag} OK CAPABILITY completed\r\n`,
      )
      return undefined
    case 'NOOP':
      say(`${tag} OK NOOP completed\r\n`)
      return undefined
    case 'ID':
      // RFC 2971: many programs ask first, and hang up where they are answered with BAD.
      say(`* ID ("name" "Cordon")\r\n${tag} OK ID completed\r\n`)
      return undefined
    case 'LOGOUT':
      say(`* BYE ${ourName} Logging out\r\n${tag} OK LOGOUT completed\r\n`)
      return OVER
    case 'STARTTLS':
      if (isSecure) return wrong(given, `${tag} BAD TLS is active already`)
      say(`${tag} OK Begin TLS negotiation now\r\n`)
      return { how: 'start-tls' }
    case 'LOGIN':
    case 'AUTHENTICATE':
      if (!isSecure)
        return wrong(
          given,
          `${tag} NO [PRIVACYREQUIRED] Passwords are taken over TLS only: use STARTTLS`,
        )
      return verb === 'LOGIN' ? login(given, tag, rest) : authenticate(given, tag, rest)
    default:
      return wrong(given, `${tag} BAD Command unknown, or it needs a login`)
  }
}

function wrong({ say }: BeforeLogin, words: string): 'mistake' {
  say(`${words}\r\n`)
  return 'mistake'
}

async function login(
  given: BeforeLogin,
  tag: string,
  rest: string,
): Promise<LoginOutcome | 'mistake'> {
  const name = astring(rest.trimEnd())
  const password = name && astring(name.rest)
  if (!password || password.rest !== '')
    return wrong(given, `${tag} BAD Syntax: LOGIN name password`)
  return checked(given, tag, { login: utf8(name.value), password: password.value })
}

async function authenticate(
  given: BeforeLogin,
  tag: string,
  rest: string,
): Promise<LoginOutcome | 'mistake'> {
  const [mechanism = '', first] = rest.trimEnd().split(' ')
  const known = mechanismOf(mechanism, given.tokens)
  if (!known) {
    const all = ['PLAIN', ...given.tokens].join(', ')
    return wrong(given, `${tag} NO [CANNOT] Unknown mechanism; there is ${all}`)
  }
  if (first === undefined) given.say('+ \r\n')
  const line = first ?? (await given.source.line(MAX_LINE))?.replace(/\r?\n$/, '')
  if (line === undefined) return OVER
  if (line === '*') return wrong(given, `${tag} BAD Authentication aborted`)
  const claim = claimIn(known, line)
  if (claim === 'no-base64') return wrong(given, `${tag} BAD That is no base64`)
  if (claim === 'another') return wrong(given, `${tag} NO [AUTHORIZATIONFAILED] Log in as yourself`)
  return checked(given, tag, claim)
}

async function checked(
  given: BeforeLogin,
  tag: string,
  claim: Claim,
): Promise<LoginOutcome | 'mistake'> {
  if (!isPossible(claim))
    return wrong(given, `${tag} NO [AUTHENTICATIONFAILED] That is no name and password`)
  const { words, isRight, reason } = await given.check(claim)
  const reply = `${tag} ${words}\r\n`
  if (isRight) return { how: 'logged-in', reply }
  // RFC 7628 §3.2.3: the client answers it, with nothing that matters.
  if (reason !== undefined) {
    given.say(`+ ${reason}\r\n`)
    if ((await given.source.line(MAX_LINE)) === undefined) return OVER
  }
  given.say(reply)
  return 'mistake'
}
