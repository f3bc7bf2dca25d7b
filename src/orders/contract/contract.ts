// What an order is made of: its fields with their bounds, who may give it, what of it is written down. One file beside this one for each;
// orders.ts lists them. What it does is in src/engine/orders/, in a file of the same name.

import type { z } from 'zod'
import type { Actor, Owner } from '../../model/order.ts'

export type Contract<
  K extends string = string,
  F extends z.ZodObject = z.ZodObject,
  O extends boolean = boolean,
  S extends boolean = boolean,
> = {
  readonly kind: K
  /** What it does, for people. */
  readonly about: string
  /** A customer may give it, about what is theirs; `run` looks whether it is. */
  readonly ownerMay: O
  /** Staff and chores may. */
  readonly staffMay: S
  /** A strict object: a field that is not known is refused, not ignored. */
  readonly fields: F
  /** What it is about, for the audit and the journal. */
  target(order: FieldsOf<F>): string
  /** What is not written down as it was said. */
  censor(order: FieldsOf<F>): Partial<FieldsOf<F>>
  /** A portal form says it in other words. */
  form(given: Form): Readonly<Record<string, unknown>>
  /** Of its JSON. */
  readonly maxBytes: number
}

/** Fields of a form that were filled in. */
export type Form = Readonly<Record<string, string>>

export type FieldsOf<F extends z.ZodObject> = keyof F['shape'] extends never ? unknown : z.output<F>

export type GiverOf<O extends boolean, S extends boolean> =
  | (O extends true ? Owner : never)
  | (S extends true ? Exclude<Actor, Owner> : never)

/** 64 KiB are much for anything that a person types. */
const MAX_BYTES = 64 * 1024

export function contract<
  const K extends string,
  F extends z.ZodObject,
  const O extends boolean,
  const S extends boolean = true,
>(
  given: Pick<Contract<K, F, O>, 'kind' | 'about' | 'ownerMay' | 'fields' | 'target'> & {
    /** Without it they may. */
    readonly staffMay?: S
  } & Partial<Pick<Contract<K, F>, 'censor' | 'form' | 'maxBytes'>>,
): Contract<K, F, O, S> {
  return {
    censor: () => ({}),
    form: fields => fields,
    maxBytes: MAX_BYTES,
    ...given,
    staffMay: (given.staffMay ?? true) as S,
  }
}
