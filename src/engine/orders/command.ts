// A person or a chore wants something done. Every order is looked at, answered, audited and told to the journal. What each may say is in
// src/orders/contract/, what each does in ./orders/.

import type { Contract, FieldsOf } from '../../orders/contract/contract.ts'
import type { Order } from '../../orders/contract/orders.ts'
import { parseOrder } from '../../orders/parse-order.ts'
import { inWords } from '../../orders/problem.ts'
import type { Actor, GivenOrder, OrderOutcome, UncheckedOrder } from '../../model/order.ts'
import type { OrderParts } from './order-parts.ts'
import { RUNS } from './orders.ts'
import { refused } from './outcome.ts'

type Told = {
  readonly answer: OrderOutcome
  readonly written: UncheckedOrder
  readonly target: string
}

export function createCommand(parts: OrderParts): (given: GivenOrder) => Promise<OrderOutcome> {
  return async given => {
    const { answer, written, target } = await carryOut(parts, given)
    const outcome = withoutSecret(answer)
    await parts.audit.add({ ...given, order: written }, outcome)
    parts.reporter.note({
      kind: 'order-given',
      at: given.at,
      actor: actorName(given.actor),
      order: written.kind,
      target,
      outcome,
    })
    return answer
  }
}

/** Doors have looked at it, too, to say what is wrong in their own way; none of them is relied on. */
async function carryOut(parts: OrderParts, given: GivenOrder): Promise<Told> {
  const { actor, at } = given
  const parsed = parseOrder(given.order)
  if ('problem' in parsed) {
    // Who knows what is in it: only its kind is written down.
    const kind = String((given.order as UncheckedOrder | null)?.kind).slice(0, 64)
    return { answer: refused(inWords(parsed.problem)), written: { kind }, target: '' }
  }
  const { contract, order } = parsed
  const answer =
    forbidden(contract, actor) ?? (await runOf(order.kind)(parts, { order, actor, at }))
  // The contract and the fields are of one kind: the list says so, and a test that both lists are the same.
  const fields = order as FieldsOf<Contract['fields']>
  const where = actor.kind === 'owner' ? { from: actor.from } : {}
  const written = { ...order, ...contract.censor(fields), ...where }
  return { answer, written, target: contract.target(fields) }
}

function forbidden(contract: Contract, actor: Actor): OrderOutcome | undefined {
  if (actor.kind === 'owner')
    return contract.ownerMay ? undefined : refused('That is for our staff to do.')
  return contract.staffMay ? undefined : refused('Only a customer can do that, in the portal.')
}

type Run = (
  parts: OrderParts,
  given: { readonly order: Order; readonly actor: Actor; readonly at: number },
) => Promise<OrderOutcome>

const runOf = (kind: Order['kind']): Run => RUNS[kind] as Run

function withoutSecret(outcome: OrderOutcome): OrderOutcome {
  if (!outcome.done) return outcome
  const { secret: _secret, ...told } = outcome
  return told
}

function actorName(actor: Actor): string {
  return actor.kind === 'owner' ? `owner ${actor.subscriber}` : `${actor.kind} ${actor.name}`
}
