// What a door may say to the engine, and nothing else.

import type { NewEvent } from '../model/event.ts'
import type { GivenOrder, OrderOutcome } from '../model/order.ts'
import type { Step, Transaction } from '../model/step.ts'
import type { Judgement } from '../model/verdict.ts'

export interface Engine {
  /** May this step go on? JSON in, JSON out. Answered at once where no other service had to be asked; never throws, but may reject. */
  judge(step: Step): Judgement | Promise<Judgement>
  /** After the last RCPT: every message enters here, whichever door it came through, our own notices too. */
  readonly open: (tx: Transaction) => Promise<Draft>
  /** Something happened. Never blocks, never throws. */
  readonly report: (event: NewEvent) => void
  /** A person or a chore wants something done. Audited. */
  readonly command: (order: GivenOrder) => Promise<OrderOutcome>
}

export interface Draft {
  /** Resolves when more may be written. Rejects when the message cannot be stored. */
  write(chunk: Uint8Array): Promise<void>
  /** Judged, committed to disk, and answered: accept and hold mean we have it and will not lose it. */
  finish(): Promise<Judgement>
  abort(): Promise<void>
}
