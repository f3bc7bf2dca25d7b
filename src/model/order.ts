// An order to the engine, the actor that gives it, and what came of it. What may be ordered is in src/orders/contract/.

import type { Client } from './step.ts'

/** A customer about their own account; `from` is where they sit, as the door knows it. */
export type Owner = { readonly kind: 'owner'; readonly subscriber: string; readonly from: Client }

export type Actor =
  | Owner
  | { readonly kind: 'staff'; readonly name: string }
  | { readonly kind: 'chore'; readonly name: string }
  /** Of the operating system, such as SIGHUP: who sent it is not known. */
  | { readonly kind: 'signal'; readonly name: string }

/** As it came in: its fields are looked at by the engine, whatever a door did (`src/orders/parse-order.ts`). */
export type UncheckedOrder = { readonly kind: string; readonly [field: string]: unknown }

/** Every order is audited with its actor. */
export type GivenOrder = {
  readonly order: UncheckedOrder
  readonly actor: Actor
  readonly at: number
}

/** `secret` is only for the actor that gave the order: not for the audit, not for the journal. */
export type Done = {
  readonly done: true
  readonly text: string
  readonly secret?: string
  /** Of a message that was to be sent: it waits for its turn now. */
  readonly waits?: true
}

/** Why an order of an owner is refused, for the languages of the portal; `text` says more, in English. */
export const REFUSALS = [
  'no-factor',
  'no-code',
  'wrong-code',
  'codes-wait',
  'first-code',
  'has-factor',
  'elsewhere',
  'no-login',
  'enough-passwords',
  'not-held',
  'not-now',
  'too-often',
  'letter-code',
  'ask-again',
  'no-contact',
  'server-name',
  'server-open',
  'server-silent',
  'no-such-name',
  'infected',
] as const
export type RefusalWhy = (typeof REFUSALS)[number]

/** `unavailable`: a store did not do as asked; another time it may be done. */
export type Refused = {
  readonly done: false
  readonly text: string
  readonly unavailable?: true
  readonly why?: RefusalWhy
}
export type OrderOutcome = Done | Refused
