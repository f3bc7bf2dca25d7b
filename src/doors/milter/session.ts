// One connection of a mail server as a state machine: a packet or an answer goes in; a new state comes out, with what to say,
// what to ask the engine, and what to do with the message on its way in. Pure: no socket, no clock, no promise.
//
// Postfix opens a connection for each of its clients; a client may bring several messages. What is wrong with a greeting or a
// sender is said to each recipient, as at our own SMTP door.

import { NO_ADDRESS } from '../../model/ip.ts'
import { loginAddress } from '../../model/mail-address.ts'
import type { Client, ListenerKind, Step, Transaction } from '../../model/step.ts'
import type { Judgement, Verdict } from '../../model/verdict.ts'
import { NO_PARAMETERS } from '../../model/esmtp-parameters.ts'
import { clientAddress } from '../../wire/client-address.ts'
import type { Packet, Reply } from './codec.ts'
import { declaredSize } from './declared-size.ts'
import { clientAt, isHandedIn, listenerOf } from './whose-mail.ts'
import { headerField } from './header-field.ts'
import { type HeldHeader, heldWith, MAX_HELD_HEADER, wholeHeader } from './held-header.ts'
import { type Agreed, negotiate } from './negotiate.ts'
import { answerTo, finalReplies, type Offered } from './replies.ts'

export type MilterSetup = {
  /**
   * The listener kind of clients without a login: `milter.listener`, inbound by default, submission, trusted-network, inbound or
   * redirected.
   */
  readonly listener: ListenerKind
  /** From there mail comes without a login: a trusted network, whatever `listener` says. */
  readonly isOwn?: (address: string) => boolean
  /** `milter.realm`, main by default. */
  readonly realm: string
  /** A host of many users, and the field (in lower case) in which it says where its user sits. */
  readonly isWebmail?: (address: string) => boolean
  readonly webmailHeader?: string | undefined
  /** Appended to login names that have none. */
  readonly domain: string
  /** Rules that are the server's own business: `milter.skipRules`, relay, recipient-exists, login-required, sender-belongs by default. */
  readonly skipRules: readonly string[]
  /** Bytes: `maxMessageSize`, 50000000 by default, 1 to 2000000000. */
  readonly maxSize: number
}

export type State = {
  readonly offered: Offered
  /** Kinds of packets the server wants no answer to. */
  readonly unanswered: ReadonlySet<Packet['kind']>
  readonly macros: ReadonlyMap<string, string>
  /** Absent before a connection, and of clients without an address: then nothing is asked until they have logged in. */
  readonly client?: Client
  readonly session: string
  readonly helo: string
  /** Of the greeting. */
  readonly unwelcome?: Verdict
  readonly mail?: Mail
}

type Mail = {
  readonly sender: string
  readonly recipients: readonly string[]
  /** Bytes of the message that have come. */
  readonly size: number
  /** Bytes that the client announced (SIZE); absent without an announcement. */
  readonly declared?: number
  /** The refusal of the greeting or the sender: it holds for every recipient. */
  readonly refusal?: Verdict
  /** The message's first bytes are on their way. */
  readonly begun?: true
  /** The first bytes wait for what the header says of the client. */
  readonly held?: HeldHeader
}

/** `form`: the message is refused for its form, and the engine only names the refusal. */
type AskedAbout = 'helo' | 'mail' | 'rcpt' | 'form'

export type EngineQuestion =
  | { readonly ask: 'judge'; readonly step: Step; readonly about: AskedAbout }
  | { readonly ask: 'finish' }

export type Input =
  | Packet
  | { readonly kind: 'judged'; readonly asked: EngineQuestion; readonly judgement: Judgement }

export type Reaction = {
  readonly state: State
  readonly say: readonly Reply[]
  /** In this order: what was begun is dropped, a message is begun, bytes are written to it, the engine is asked. */
  readonly drop?: true
  readonly open?: Transaction
  readonly write?: Uint8Array
  readonly ask?: EngineQuestion
  readonly close?: true
}

/**
 * Recipients of one message, as Postfix accepts by default (smtpd_recipient_limit); further ones are deferred, and sent as a message of
 * their own.
 */
const MAX_RECIPIENTS = 1000

export const INITIAL: State = Object.freeze({
  offered: { headers: false, quarantine: false, leadingSpace: false },
  unanswered: new Set<Packet['kind']>(),
  macros: new Map<string, string>(),
  session: '',
  helo: '',
})

/** `at`: when it happened; `session`: a name for a connection that begins. */
export type Now = { readonly at: number; readonly session: string }

export function step(state: State, input: Input, setup: MilterSetup, now: Now): Reaction {
  switch (input.kind) {
    case 'negotiate':
      return agreed(state, negotiate(input))
    case 'macros':
      return { state: { ...state, macros: macrosAfter(state.macros, input) }, say: [] }
    case 'connect':
      return connected(state, input, setup, now)
    case 'helo':
      return greeted(state, input.name, setup, now)
    case 'mail':
      return sender(state, input, setup, now)
    case 'rcpt':
      return recipient(state, input.path, setup, now)
    case 'data':
      return { state, say: unasked(state, 'data') }
    case 'unknown':
      return { state, say: [{ kind: 'continue' }] }
    case 'header':
      return header(state, input, { setup, now, kind: 'header' })
    case 'end-of-header':
      return content(state, Buffer.from('\r\n'), { setup, now, kind: 'end-of-header' })
    case 'body':
      return content(state, input.bytes, { setup, now, kind: 'body' })
    case 'end':
      return ended(state, input.bytes, { setup, now, kind: 'body' })
    case 'judged':
      return judged(state, input.asked, input.judgement)
    case 'abort':
      return { state: withoutMail(state), say: [], drop: true }
    case 'new-connection':
      return {
        state: { ...INITIAL, offered: state.offered, unanswered: state.unanswered },
        say: [],
        drop: true,
      }
    case 'quit':
      return { state, say: [], drop: true, close: true }
    default:
      return input satisfies never
  }
}

/** Of all macros that are sent, those that Cordon reads; the login and the message's name come anew with each message. */
function macrosAfter(
  before: State['macros'],
  { of, values }: Extract<Packet, { kind: 'macros' }>,
): State['macros'] {
  const after = new Map(before)
  if (of === 'M') for (const name of OF_A_MESSAGE) after.delete(name)
  for (const name of [...OF_A_MESSAGE, ...OF_A_SESSION]) {
    const value = values.get(name)
    if (value !== undefined) after.set(name, value)
  }
  return after
}

const OF_A_MESSAGE = ['auth_authen', 'i'] as const
const OF_A_SESSION = ['tls_version', 'daemon_name', 'daemon_port'] as const

const agreed = (state: State, { reply, ...terms }: Agreed): Reaction => ({
  state: { ...state, ...terms },
  say: [reply],
})

function connected(
  state: State,
  { family, address, port }: Extract<Packet, { kind: 'connect' }>,
  setup: MilterSetup,
  { session }: Now,
): Reaction {
  const { client: _client, unwelcome: _unwelcome, mail: _mail, ...rest } = state
  const known = family === '4' || family === '6' ? clientAddress(address) : undefined
  const client = known === undefined ? {} : { client: clientAt(setup, known, port) }
  return { state: { ...rest, ...client, session, helo: '' }, say: unasked(state, 'connect') }
}

function greeted(state: State, helo: string, setup: MilterSetup, now: Now): Reaction {
  const { unwelcome: _unwelcome, ...rest } = state
  const next = { ...rest, helo }
  const base = baseOf(next, setup, now)
  if (!base) return { state: next, say: [{ kind: 'continue' }] }
  return asking(next, 'helo', { ...base, stage: 'helo' })
}

function sender(
  state: State,
  { path, params }: Extract<Packet, { kind: 'mail' | 'rcpt' }>,
  setup: MilterSetup,
  now: Now,
): Reaction {
  const { unwelcome } = state
  const declared = declaredSize(params)
  const mail: Mail = {
    sender: utf8(path),
    recipients: [],
    size: 0,
    ...(declared === undefined ? {} : { declared }),
    ...(unwelcome ? { refusal: unwelcome } : {}),
  }
  const next = { ...state, mail }
  const base = baseOf(next, setup, now)
  if (!base || unwelcome) return { state: next, say: [{ kind: 'continue' }], drop: true }
  return { ...asking(next, 'mail', { ...base, stage: 'mail' }), drop: true }
}

function recipient(state: State, path: string, setup: MilterSetup, now: Now): Reaction {
  const { mail } = state
  const base = baseOf(state, setup, now)
  if (!base || !mail) return { state, say: [{ kind: 'continue' }] }
  if (mail.refusal) return { state, say: [answerTo(mail.refusal)] }
  const accepted = mail.recipients.length
  if (accepted >= MAX_RECIPIENTS)
    return { state, say: [{ kind: 'reply', text: '452 4.5.3 Too many recipients' }] }
  const size = mail.declared === undefined ? {} : { size: mail.declared }
  const step: Step = { ...base, ...size, stage: 'rcpt', recipient: utf8(path), accepted }
  return asking(state, 'rcpt', step)
}

function judged(state: State, asked: EngineQuestion, judgement: Judgement): Reaction {
  const { verdict } = judgement
  if (asked.ask === 'finish')
    return { state: withoutMail(state), say: finalReplies(judgement, state.offered) }
  const { mail } = state
  switch (asked.about) {
    case 'helo':
      return {
        state: isRefusal(verdict) ? { ...state, unwelcome: verdict } : state,
        say: [{ kind: 'continue' }],
      }
    case 'mail': {
      const refused = isRefusal(verdict)
      // Our own users get the refusal at once; a stranger gets it with each recipient.
      if (refused && asked.step.listener !== 'inbound')
        return { state: withoutMail(state), say: [answerTo(verdict)] }
      return {
        state: mail && refused ? { ...state, mail: { ...mail, refusal: verdict } } : state,
        say: [{ kind: 'continue' }],
      }
    }
    case 'rcpt': {
      if (isRefusal(verdict) || !mail) return { state, say: [answerTo(verdict)] }
      const recipients = [...mail.recipients, asked.step.recipient ?? '']
      return { state: { ...state, mail: { ...mail, recipients } }, say: [{ kind: 'continue' }] }
    }
    case 'form':
      return { state, say: [answerTo(verdict)] }
    default:
      return asked.about satisfies never
  }
}

type Bytes = { readonly setup: MilterSetup; readonly now: Now; readonly kind: Packet['kind'] }

/** A field of the header: of a webmail host it waits until all of them are there. */
function header(state: State, field: Extract<Packet, { kind: 'header' }>, given: Bytes): Reaction {
  const bytes = headerField(field, state.offered.leadingSpace)
  const { mail, client } = state
  const { isWebmail, webmailHeader } = given.setup
  const waits =
    webmailHeader !== undefined &&
    client !== undefined &&
    mail !== undefined &&
    !mail.begun &&
    mail.recipients.length > 0 &&
    (mail.held?.size ?? 0) + bytes.length <= MAX_HELD_HEADER &&
    isWebmail?.(client.address) === true
  if (!waits) return content(state, bytes, given)
  const said = field.name.toLowerCase() === webmailHeader ? field.value : undefined
  const held = heldWith(mail.held, bytes, said)
  return { state: { ...state, mail: { ...mail, held } }, say: unasked(state, given.kind) }
}

/** The held header goes first, as from the address of the user that it names. */
function letGo(state: State, held: HeldHeader, bytes: Uint8Array): [State, Uint8Array] {
  const { held: _held, ...mail } = state.mail as Mail
  const { client } = state
  const known =
    client && held.from !== undefined
      ? { realm: client.realm, address: held.from, port: 0 }
      : client
  const next = { ...state, mail, ...(known ? { client: known } : {}) }
  return [next, Buffer.concat([wholeHeader(held), bytes])]
}

/** Bytes of the message; the first of them begin it. */
function content(before: State, last: Uint8Array, { setup, now, kind }: Bytes): Reaction {
  const { held } = before.mail ?? {}
  const [state, bytes] = held ? letGo(before, held, last) : [before, last]
  const { mail } = state
  const say = unasked(state, kind)
  if (!mail || mail.recipients.length === 0) return { state, say }
  const tx = mail.begun ? undefined : transactionOf(state, mail, { setup, now })
  if (!mail.begun && !tx) return { state, say }
  const size = mail.size + bytes.length
  // The next message of this connection is another user's.
  const { client = state.client } = before
  const next = {
    ...state,
    ...(client ? { client } : {}),
    mail: { ...mail, size, begun: true as const },
  }
  if (size > setup.maxSize) return { state: next, say, ...(tx ? {} : { drop: true }) }
  return { state: next, say, write: bytes, ...(tx ? { open: tx } : {}) }
}

function ended(state: State, bytes: Uint8Array, given: Bytes): Reaction {
  // A message of nothing at all is a message, too.
  const before = content(state, bytes, given)
  const { mail } = before.state
  const nothing: Reaction = {
    ...before,
    state: withoutMail(before.state),
    say: [{ kind: 'continue' }],
  }
  if (!mail?.begun) return nothing
  const base = baseOf(state, given.setup, given.now)
  if (mail.size > given.setup.maxSize && base) {
    const { recipients } = mail
    const asked: Step = { ...base, stage: 'message', recipients, fault: 'message-too-large' }
    return { ...asking(nothing.state, 'form', asked), drop: true }
  }
  return { ...before, say: [], ask: { ask: 'finish' } }
}

const asking = (state: State, about: AskedAbout, asked: Step): Reaction => ({
  state,
  say: [],
  ask: { ask: 'judge', about, step: asked },
})

const isRefusal = (verdict: Verdict): boolean =>
  verdict.kind !== 'accept' && verdict.kind !== 'hold'

const unasked = (state: State, kind: Packet['kind']): readonly Reply[] =>
  state.unanswered.has(kind) ? [] : [{ kind: 'continue' }]

function withoutMail({ mail: _mail, ...rest }: State): State {
  return rest
}

function baseOf(state: State, setup: MilterSetup, { at }: Now): Omit<Step, 'stage'> | undefined {
  const { session, helo, mail, macros } = state
  const login = loginOf(macros, setup)
  const nowhere = { realm: setup.realm, address: NO_ADDRESS, port: 0 }
  const client = state.client ?? (login === undefined ? undefined : nowhere)
  if (!client) return undefined
  return {
    session,
    listener: listenerOf(login, client.address, setup),
    at,
    client,
    ...(isHandedIn(login, client) ? { local: true as const } : {}),
    tls: (macros.get('tls_version') ?? '') !== '',
    helo,
    ...(login === undefined ? {} : { login }),
    ...(mail ? { sender: mail.sender } : {}),
    ...(setup.skipRules.length > 0 ? { skipRules: setup.skipRules } : {}),
  }
}

function transactionOf(
  state: State,
  { sender: from, recipients }: Mail,
  { setup, now }: { readonly setup: MilterSetup; readonly now: Now },
): Transaction | undefined {
  const base = baseOf(state, setup, now)
  if (!base) return undefined
  const { helo = '', ...rest } = base
  const keptAs = state.macros.get('i') ?? ''
  return {
    ...rest,
    helo,
    sender: from,
    recipients,
    extended: true,
    esmtp: NO_PARAMETERS,
    elsewhere: true,
    ...(keptAs === '' ? {} : { keptAs }),
  }
}

function loginOf(macros: ReadonlyMap<string, string>, { domain }: MilterSetup): string | undefined {
  const login = utf8(macros.get('auth_authen') ?? '')
  return login === '' ? undefined : loginAddress(login, domain)
}

/** Addresses may be UTF-8 (RFC 6531); they come as one character a byte. */
const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')
