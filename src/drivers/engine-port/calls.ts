// What a door in another thread says to the engine's thread, and what it hears. JSON values and bytes only. Both
// sides send what came together in one turn of their loop as one message: it is the message that costs.

import type { NewEvent } from '../../model/event.ts'
import type { GivenOrder, OrderOutcome } from '../../model/order.ts'
import type { Client, ListenerKind, Step, Transaction } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'
import type { Asking, LoginCheck, LoginProof, LoginSalt } from '../../ports/logins.ts'

export type Call =
  | { readonly call: 'judge'; readonly step: Step }
  /** Everything written before has been taken. */
  | { readonly call: 'written' | 'finish' | 'abort'; readonly draft: number }
  | { readonly call: 'command'; readonly order: GivenOrder }
  | {
      readonly call: 'login'
      readonly asking: Asking
      readonly name: string
      readonly password: string
    }
  | { readonly call: 'salt'; readonly asking: Asking; readonly name: string }
  | { readonly call: 'prove'; readonly asking: Asking; readonly given: LoginProof }
  | {
      readonly call: 'enter'
      readonly visit: number
      readonly client: Client
      readonly listener: ListenerKind
    }

export type EngineAnswer = {
  readonly judgement?: Judgement
  readonly outcome?: OrderOutcome
  readonly login?: LoginCheck & { readonly signature?: string }
  readonly salt?: LoginSalt
  readonly entered?: boolean
}

/** A question with its number, or something that wants no answer. */
export type ToEngine =
  | { readonly n: number; readonly ask: Call }
  | { readonly report: NewEvent }
  | { readonly open: Transaction; readonly draft: number }
  | { readonly write: Uint8Array; readonly draft: number }
  | { readonly leave: number }

export type FromEngine =
  | { readonly n: number; readonly answer?: EngineAnswer; readonly error?: string }
  | { readonly cut: string }
