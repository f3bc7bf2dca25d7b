// The state of one SMTP session and what moves it. Values only: no socket, no clock, no promise.

import type { ListenerKind, Stage } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'

export type Setup = {
  readonly listener: ListenerKind
  readonly ourName: string
  /** RFC 1870. */
  readonly maxSize: number
  readonly maxRecipients: number
  /** A certificate is there, so STARTTLS can be offered. */
  readonly tlsAvailable: boolean
}

export type Phase = 'new' | 'greeted' | 'mail' | 'rcpt' | 'data' | 'closed'

export type State = {
  readonly phase: Phase
  readonly tls: boolean
  readonly helo: string
  readonly extended: boolean
  readonly login?: string
  readonly mail?: {
    readonly sender: string
    readonly eightBit: boolean
    readonly size?: number
    readonly refusal?: Judgement
  }
  readonly recipients: readonly string[]
  /** A refusal of the greeting on an inbound listener; spoken at RCPT, when it is clear whom it concerns. */
  readonly refusal?: Judgement
  /** In the middle of AUTH: what the next line is. */
  readonly auth?:
    | { readonly wants: 'plain' | 'login-name' }
    | { readonly wants: 'login-password'; readonly name: string }
  /** What was asked of the engine and is not answered yet. */
  readonly asked?: Ask
  readonly errors: number
}

/** A question to the engine; the session waits for its answer before it reads on. */
export type Ask =
  | {
      readonly ask: 'judge'
      readonly stage: Stage
      readonly about: Partial<State>
      readonly recipient?: string
    }
  | { readonly ask: 'verify'; readonly login: string; readonly password: string }
  | { readonly ask: 'open' }
  | { readonly ask: 'finish' }

export type Input =
  | { readonly kind: 'connected' }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'bad-line'; readonly why: 'too-long' | 'bare-newline' }
  | { readonly kind: 'data-end'; readonly repaired: boolean; readonly tooLarge: boolean }
  | { readonly kind: 'judged'; readonly judgement: Judgement }
  | {
      readonly kind: 'verified'
      readonly outcome: 'right' | 'wrong' | 'slow-down' | 'later'
      readonly login: string
    }
  | { readonly kind: 'opened' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'secured' }
  | { readonly kind: 'timeout' | 'shutdown' | 'cut' }

export type Reaction = {
  readonly state: State
  /** Complete reply lines, each with its CR LF. */
  readonly output: string
  readonly ask?: Ask
  readonly then?: 'start-tls' | 'read-data' | 'drop-message' | 'close'
}

export const INITIAL: State = Object.freeze({
  phase: 'new',
  tls: false,
  helo: '',
  extended: false,
  recipients: [],
  errors: 0,
})

/** Clears the transaction, keeps the session. */
export function withoutTransaction(state: State): State {
  const { mail: _mail, ...rest } = state
  return { ...rest, recipients: [], phase: state.phase === 'new' ? 'new' : 'greeted' }
}
