// The state of one SMTP session and what moves it. Values only: no socket, no clock, no promise.

import type { ClientFirst } from '../../mail/sasl/scram.ts'
import type { CutOff } from '../../model/event.ts'
import type { ProtocolViolation } from '../../model/protocol-violation.ts'
import type { FormFault, ListenerKind, Stage } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'
import type { EsmtpParameters } from '../../model/esmtp-parameters.ts'
import type { LoginCheck, LoginProof, LoginSalt } from '../../ports/logins.ts'

export type Setup = {
  /** `listeners[].kind`, must be given, submission, trusted-network, inbound or redirected. */
  readonly listener: ListenerKind
  readonly ourName: string
  /** The address that `<postmaster>` alone stands for; `<abuse>` is of the same domain. */
  readonly postmaster: string
  /** The address that the client has connected to, as it stands behind an `@`: `[192.0.2.1]`, `[ipv6:2001:db8::1]`. */
  readonly ownLiteral?: string
  /** RFC 1870: `maxMessageSize`, 50000000 by default, 1 to 2000000000. */
  readonly maxSize: number
  /** `maxRecipients`, 200 by default, 1 to 100000. */
  readonly maxRecipients: number
  /** A certificate is there, so STARTTLS can be offered. */
  readonly tlsAvailable: boolean
  /**
   * A bare CR or LF in a message: the message is refused, or they become CR LF. `listeners[].bareNewlines`, none by default, reject or
   * normalize; without it inbound rejects, the others normalize.
   */
  readonly bareNewlines: 'reject' | 'normalize'
  /** SCRAM is offered: a client may prove its password instead of sending it: `passwords.scram`, false by default. */
  readonly scram: boolean
  /** So long a client waits for the greeting, in ms: `strangers.greetPause`, 0s by default, 0s to 1m; 0: none. */
  readonly greetPause: number
  /** The client may say on whose behalf it speaks (XCLIENT). */
  readonly mayXclient: boolean
}

/** `data` while a message is read, `bdat` also between its chunks. */
export type Phase = 'new' | 'greeted' | 'mail' | 'rcpt' | 'data' | 'bdat' | 'closed'

/** One BDAT. Refused ones are read to their end all the same: their bytes are not commands. */
export type Chunk = {
  readonly size: number
  readonly first: boolean
  readonly last: boolean
  readonly refusal?: string
}

export type State = {
  readonly phase: Phase
  readonly tls: boolean
  readonly helo: string
  readonly extended: boolean
  readonly login?: string
  readonly mail?: {
    readonly sender: string
    readonly esmtp: EsmtpParameters
    readonly size?: number
    readonly refusal?: Judgement
  }
  readonly recipients: readonly string[]
  /** A refusal of the greeting on an inbound listener; spoken at RCPT, when it is clear whom it concerns. */
  readonly refusal?: Judgement
  /** In the middle of AUTH: what the client's next line must be. */
  readonly auth?:
    | { readonly wants: 'plain' | 'login-name' }
    | { readonly wants: 'login-password'; readonly name: string }
    | { readonly wants: 'scram-first' }
    | { readonly wants: 'scram-final'; readonly first: ClientFirst; readonly second: string }
    | { readonly wants: 'scram-end'; readonly login: string }
  /** The question to the engine that is not answered yet. */
  readonly asked?: Ask
  /** Why the session ends once the message that is being taken is answered. */
  readonly ending?: End
  readonly errors: number
  /** Valid commands since the last message that sent none. */
  readonly idle: number
  /** The protocol violations noticed so far. */
  readonly violations?: readonly ProtocolViolation[]
  /** The chunk that is being read. */
  readonly chunk?: Chunk
}

/** A question to the engine; the session waits for its answer before it reads on. */
export type Ask =
  | {
      readonly ask: 'judge'
      readonly stage: Stage
      readonly about: Partial<State>
      readonly recipient?: string
      /** Refused for its form: the engine is asked only for the name of the refusal. */
      readonly fault?: FormFault
    }
  | { readonly ask: 'verify'; readonly login: string; readonly password: string }
  | { readonly ask: 'salt'; readonly first: ClientFirst }
  | { readonly ask: 'prove'; readonly given: LoginProof }
  | { readonly ask: 'open'; readonly chunk?: Chunk }
  | { readonly ask: 'finish' }

export type Input =
  /** `early`: the client talked before the greeting. */
  | { readonly kind: 'connected'; readonly early?: boolean }
  /** `more`: further bytes have come with the line already. */
  | { readonly kind: 'line'; readonly text: string; readonly more?: boolean }
  | { readonly kind: 'bad-line'; readonly why: 'too-long' | 'bare-newline' }
  | {
      readonly kind: 'data-end' | 'chunk-end'
      readonly repaired: boolean
      readonly tooLarge: boolean
    }
  | { readonly kind: 'judged'; readonly judgement: Judgement }
  | ({ readonly kind: 'verified'; readonly signature?: string } & LoginCheck)
  | ({ readonly kind: 'salted' } & LoginSalt)
  | { readonly kind: 'opened' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'secured' }
  | { readonly kind: End }

/** Ends a session, whatever was said: nothing came, the program stops, the login is stopped. */
export type End = 'timeout' | 'shutdown' | 'cut'

export type Reaction = {
  readonly state: State
  /** Complete reply lines, each with its CR LF. */
  readonly output: string
  readonly ask?: Ask
  readonly then?: 'start-tls' | 'read-data' | 'read-chunk' | 'drop-message' | 'new-client' | 'close'
  /** With `close`: why it is cut off. */
  readonly tooMany?: CutOff
  /** With `read-chunk`. */
  readonly chunk?: Chunk
  /** With `new-client`: the real client. */
  readonly client?: { readonly address?: string; readonly port?: number }
}

export const INITIAL: State = Object.freeze({
  phase: 'new',
  tls: false,
  helo: '',
  extended: false,
  recipients: [],
  errors: 0,
  idle: 0,
})

/** A session that begins anew (EHLO, STARTTLS): what was said is forgotten (RFC 3207 §4.2), what was counted and noticed is not. */
export const begunAnew = ({ errors, idle, violations }: State): State => ({
  ...INITIAL,
  errors,
  idle,
  ...(violations ? { violations } : {}),
})

/** Once noticed, it stays noticed. */
export function noticed(state: State, violation: ProtocolViolation): State {
  const violations = state.violations ?? []
  return violations.includes(violation)
    ? state
    : { ...state, violations: [...violations, violation] }
}

/** Clears the transaction, keeps the session. */
export function withoutTransaction(state: State): State {
  const { mail: _mail, chunk: _chunk, ...rest } = state
  return { ...rest, recipients: [], phase: state.phase === 'new' ? 'new' : 'greeted' }
}
