// Looks at something unknown that is said to be an order: at every way in, and once more in the engine, so that no way in can be forgotten.

import { contractOf, CONTRACTS, type Order } from './contract/orders.ts'
import type { Contract } from './contract/contract.ts'
import { FORMER_ORDERS } from '../model/former-words.ts'
import { type Problem, problemOf } from './problem.ts'

export type ParsedOrder =
  | { readonly order: Order; readonly contract: Contract }
  | { readonly problem: Problem }

/** What was found good here: a door's million customers are not looked at twice in one thread. What comes from another thread is a copy. */
const FOUND_GOOD = new WeakSet<object>()

/** `kind` beside its fields. */
export function parseOrder(given: unknown): ParsedOrder {
  if (typeof given !== 'object' || given === null || !('kind' in given))
    return { problem: { field: 'kind', message: `Write an order. ${there()}` } }
  const known = FOUND_GOOD.has(given) ? contractOf(String(given.kind)) : undefined
  if (known) return { contract: known, order: given as Order }
  const { kind, ...fields } = given
  return parseFields(String(kind), fields)
}

/** Of a kind that is said elsewhere: in a path, on the command line. */
export function parseFields(kind: string, fields: unknown): ParsedOrder {
  const contract = contractOf(kind)
  if (!contract) return { problem: noOrder(kind) }
  const parsed = contract.fields.safeParse(fields)
  if (!parsed.success)
    return { problem: problemOf(parsed.error, Object.keys(contract.fields.shape), fields) }
  const order = Object.freeze({ ...parsed.data, kind: contract.kind }) as Order
  FOUND_GOOD.add(order)
  return { contract, order }
}

export function noOrder(kind: string): Problem {
  const today = Object.hasOwn(FORMER_ORDERS, kind) ? FORMER_ORDERS[kind] : undefined
  const message =
    today === undefined
      ? `There is no order ${kind.slice(0, 64)}. ${there()}`
      : `${kind} is now ${today}. Write ${today}.`
  return { field: 'kind', message }
}

const there = (): string => `There are: ${CONTRACTS.map(one => one.kind).join(', ')}.`
