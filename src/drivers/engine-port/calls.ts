// What a door in another thread says to the engine, and what it hears. JSON values and bytes only.

import type { NewEvent } from '../../model/event.ts'
import type { GivenOrder, OrderOutcome } from '../../model/order.ts'
import type { Step, Transaction } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'

export type EngineCall =
  | { readonly call: 'judge'; readonly step: Step }
  | { readonly call: 'open'; readonly tx: Transaction }
  | { readonly call: 'write'; readonly draft: number; readonly chunk: Uint8Array }
  | { readonly call: 'finish' | 'abort'; readonly draft: number }
  | { readonly call: 'command'; readonly order: GivenOrder }

export type EngineAnswer = {
  readonly judgement?: Judgement
  readonly draft?: number
  readonly outcome?: OrderOutcome
}

export type ToEngine =
  | { readonly n: number; readonly ask: EngineCall }
  | { readonly report: NewEvent }
export type FromEngine = {
  readonly n: number
  readonly answer?: EngineAnswer
  readonly error?: string
}
