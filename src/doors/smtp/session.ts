// One SMTP session as a state machine: an input goes in, a new state comes out, with what to say, what to ask the
// engine, and what to do to the connection. Pure: no socket, no clock, no promise. Commands are in commands/.

import {
  begunAnew,
  type End,
  type Input,
  noticed,
  type Reaction,
  type Setup,
  type State,
  withoutTransaction,
} from './state.ts'
import { auth, authLine, loggedIn } from './commands/auth.ts'
import { bdat, bdatOpened, chunkEnded, readChunk } from './commands/bdat.ts'
import { type Command, mistake, say } from './commands/command.ts'
import { data, dataEnded, dataOpened, faulty, finished } from './commands/data.ts'
import { ehlo, greeted, helo } from './commands/ehlo.ts'
import { mail } from './commands/mail.ts'
import { proved, salted } from './commands/auth-scram.ts'
import { rcpt } from './commands/rcpt.ts'
import { help, noop, quit, rset, vrfy } from './commands/small.ts'
import { starttls } from './commands/starttls.ts'
import { xclient } from './commands/xclient.ts'
import { isNoCommand, isOtherProtocol, notSmtp, notSmtpEnded } from './not-smtp.ts'
import { isRefusal, refusal, replyTo } from './replies.ts'
import { ACCEPT, type Judgement } from '../../model/verdict.ts'
import { NO_PARAMETERS } from '../../model/esmtp-parameters.ts'

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  [ehlo, helo, starttls, xclient, auth, mail, rcpt, data, bdat, rset, noop, vrfy, help, quit].map(
    command => [command.name, command],
  ),
)

/** A client that makes so many mistakes does not want to send mail: the session ends. */
const MAX_ERRORS = 20
/** So many commands without a message end it, too. Postfix's smtpd_junk_command_limit. */
const MAX_IDLE = 100

/** Moves a session on by one input. Inputs that answer a question may only come when it was asked. */
export function step(state: State, input: Input, setup: Setup): Reaction {
  const reaction = react(state, input, setup)
  const { errors, idle } = reaction.state
  const tooMany =
    errors > MAX_ERRORS ? 'errors' : idle > MAX_IDLE ? 'commands without a message' : undefined
  if (tooMany === undefined || reaction.then === 'close') return reaction
  const said = `${reaction.output}421 4.7.0 ${setup.ourName} Too many ${tooMany}\r\n`
  return { ...close(reaction.state, said), tooMany }
}

function react(state: State, input: Input, setup: Setup): Reaction {
  switch (input.kind) {
    case 'connected':
      return say(
        input.early ? noticed(state, 'early-talk') : state,
        `220 ${setup.ourName} ESMTP\r\n`,
      )
    case 'secured':
      return say({ ...begunAnew(state), tls: true }, '')
    case 'line':
      return state.auth ? authLine(state, input.text) : command(state, input, setup)
    case 'bad-line':
      return badLine(state, input.why)
    case 'data-end':
      return dataEnded(state, setup, input)
    case 'chunk-end':
      return chunkEnded(state, setup, input)
    case 'judged':
      return judged(state, input.judgement, setup)
    case 'verified':
      return verified(state, input)
    case 'salted':
      return salted(answered(state), state.asked, input)
    case 'opened':
      return state.asked?.ask === 'open' && state.asked.chunk
        ? bdatOpened(answered(state), state.asked.chunk)
        : dataOpened(answered(state))
    case 'failed':
      return failed(state, setup)
    case 'timeout':
    case 'shutdown':
    case 'cut':
      return end(state, input.kind, setup)
    default:
      return input satisfies never
  }
}

const LAST_WORDS: Readonly<Record<End, (ourName: string) => string>> = {
  timeout: ourName => `421 4.4.2 ${ourName} Timeout exceeded\r\n`,
  shutdown: ourName =>
    `421 4.3.2 ${ourName} Service not available, closing transmission channel\r\n`,
  cut: ourName => `421 4.7.0 ${ourName} User account disabled: this login is stopped\r\n`,
}

/** Ends at once, but not while a message is being stored: a client with a 421 for its answer sends again a message that we may keep. */
function end(state: State, why: End, { ourName }: Setup): Reaction {
  if (state.asked?.ask === 'finish') return say({ ...state, ending: state.ending ?? why }, '')
  return close(state, LAST_WORDS[why](ourName))
}

/** The answer to a message, and the end of the session if it had to wait for it. */
function answeredMessage(state: State, judgement: Judgement, { ourName }: Setup): Reaction {
  const reaction = finished(state, judgement)
  const { ending } = state
  return ending ? close(reaction.state, reaction.output + LAST_WORDS[ending](ourName)) : reaction
}

function command(
  before: State,
  { text: line, more }: Extract<Input, { kind: 'line' }>,
  setup: Setup,
): Reaction {
  if (isOtherProtocol(line)) return notSmtp(before)
  if (isNoCommand(line)) return notSmtpEnded(before)
  const space = line.search(/[ \t]/)
  const name = (space < 0 ? line : line.slice(0, space)).toUpperCase()
  const args = space < 0 ? '' : line.slice(space + 1).trimEnd()
  const state = withViolations(before, { name, args, more: more === true })
  const found = COMMANDS.get(name)
  if (!found) return mistake(state, '500 5.5.2 Command not recognized\r\n')
  if (!found.phases.includes(state.phase)) return mistake(state, outOfTurn(name, state))
  return found.run(state, args, setup)
}

/** RFC 2920 §3.1: these end a group of commands, because the client cannot know what comes after them. */
const LAST_OF_GROUP: ReadonlySet<string> = new Set(['EHLO', 'HELO', 'DATA', 'STARTTLS'])

function withViolations(
  state: State,
  said: { readonly name: string; readonly args: string; readonly more: boolean },
): State {
  const { name, args, more } = said
  if (more && (LAST_OF_GROUP.has(name) || !state.extended)) return noticed(state, 'pipelining')
  if (name.startsWith('X') && !COMMANDS.has(name)) return noticed(state, 'private-verb')
  const greets = name === 'EHLO' || name === 'HELO'
  const other = args.trim().toLowerCase() !== state.helo.toLowerCase()
  return greets && state.helo !== '' && other ? noticed(state, 'helo-change') : state
}

function outOfTurn(name: string, state: State): string {
  if (state.phase === 'new') return '503 5.5.1 Bad sequence of commands: send EHLO first\r\n'
  if (state.phase === 'bdat') return '503 5.5.1 Bad sequence of commands: need BDAT or RSET\r\n'
  if (name === 'RCPT' || name === 'DATA') {
    return state.phase === 'greeted'
      ? '503 5.5.1 Bad sequence of commands: need MAIL command\r\n'
      : '503 5.5.1 Bad sequence of commands: no valid recipients\r\n'
  }
  if (name === 'MAIL') return '503 5.5.1 Bad sequence of commands: nested MAIL command\r\n'
  return `503 5.5.1 Bad sequence of commands: ${name}\r\n`
}

function badLine(state: State, why: 'too-long' | 'bare-newline'): Reaction {
  const { auth: _auth, ...rest } = state
  if (why === 'too-long') return mistake(rest, '500 5.5.2 Line too long\r\n')
  return mistake(
    noticed(rest, 'bare-newline'),
    '500 5.5.2 Bare <CR> or <LF> received: lines must end in <CR><LF>\r\n',
  )
}

/** What the engine said of the step that was asked about. */
function judged(state: State, judgement: Judgement, setup: Setup): Reaction {
  const { asked } = state
  const rest = answered(state)
  if (asked?.ask === 'finish') return answeredMessage(rest, judgement, setup)
  if (asked?.ask !== 'judge') return say(rest, '')
  if (asked.fault) return say(withoutTransaction(rest), faulty(asked.fault, judgement, setup))
  const refused = isRefusal(judgement.verdict)
  switch (asked.stage) {
    case 'connect':
      return notSmtpEnded(rest)
    case 'helo': {
      const reaction = greeted(rest, setup, asked.about)
      return refused ? { ...reaction, state: { ...reaction.state, refusal: judgement } } : reaction
    }
    case 'auth':
      if (refused) return mistake(rest, replyTo(judgement.verdict, ''))
      return say({ ...rest, ...asked.about }, '235 2.7.0 Authentication successful\r\n')
    case 'mail':
      if (refused && setup.listener !== 'inbound')
        return mistake(rest, replyTo(judgement.verdict, ''))
      return mailJudged(rest, asked.about, refused ? judgement : undefined)
    case 'rcpt':
      if (refused) return mistake(rest, replyTo(judgement.verdict, ''))
      return say(
        {
          ...rest,
          ...asked.about,
          phase: 'rcpt',
          recipients: [...rest.recipients, asked.recipient ?? ''],
        },
        '250 2.1.5 Ok\r\n',
      )
    default:
      return say(rest, '')
  }
}

function mailJudged(state: State, about: Partial<State>, refusal: Judgement | undefined): Reaction {
  const mail = { sender: '', esmtp: NO_PARAMETERS, ...about.mail, ...(refusal ? { refusal } : {}) }
  return say({ ...state, mail, phase: 'mail', recipients: [] }, '250 2.1.0 Ok\r\n')
}

/** The password was checked; a right one must still be judged, because the login may be stopped. */
function verified(state: State, input: Extract<Input, { kind: 'verified' }>): Reaction {
  const rest = answered(state)
  switch (input.outcome) {
    case 'right':
      return input.signature === undefined
        ? loggedIn(rest, input.login)
        : proved(rest, input.login, input.signature)
    case 'wrong':
      return mistake(rest, refusal('credentials-invalid', 5))
    case 'slow-down':
      return mistake(rest, refusal('too-many-attempts', 4))
    case 'later':
      // RFC 4954 §6: a temporary authentication failure has a code of its own. It does not count as a mistake of the client.
      return say(rest, refusal('try-later', 4).replace(/^\S+ \S+/, '454 4.7.0'))
    default:
      return input.outcome satisfies never
  }
}

/** Something of ours is out of order: 4xx, and the client keeps what it has. */
function failed(state: State, setup: Setup): Reaction {
  const { asked } = state
  const rest = answered(state)
  if (asked?.ask === 'finish')
    return answeredMessage(rest, { verdict: { kind: 'defer', reason: 'storage-full' } }, setup)
  if (asked?.ask === 'judge' && asked.stage === 'connect') return notSmtpEnded(rest)
  const reply = refusal('try-later', 4)
  if (asked?.ask === 'judge' && asked.fault)
    return say(withoutTransaction(rest), faulty(asked.fault, NO_NAME, setup))
  if (asked?.ask === 'open' && asked.chunk)
    return readChunk(rest, { ...asked.chunk, refusal: reply })
  return say(rest, reply)
}

/** The refusal has no name, because the engine failed: it stands all the same. */
const NO_NAME: Judgement = { verdict: ACCEPT }

function answered(state: State): State {
  const { asked: _asked, ...rest } = state
  return rest
}

function close(state: State, output: string): Reaction {
  return { state: { ...answered(state), phase: 'closed' }, output, then: 'close' }
}
