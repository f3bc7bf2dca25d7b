// A person or a chore gives an order. Every order is looked at, written down, carried out, answered, and told to the journal. The fields of
// each order are in src/orders/contract/, what each order does in ./orders/.

import type { Contract, FieldsOf } from '../../orders/contract/contract.ts'
import type { Order } from '../../orders/contract/orders.ts'
import { parseOrder } from '../../orders/parse-order.ts'
import { inWords } from '../../orders/problem.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import type { Actor, GivenOrder, OrderOutcome, UncheckedOrder } from '../../model/order.ts'
import type { OrderParts } from './order-parts.ts'
import { RUNS } from './orders.ts'
import { refused } from './outcome.ts'

type CheckedOrder = {
  readonly run: () => Promise<OrderOutcome>
  readonly written: UncheckedOrder
  readonly target: string
}

/** What cannot be written down is not done. */
const UNWRITTEN: OrderOutcome = {
  done: false,
  unavailable: true,
  text: 'The order cannot be written into the audit, so nothing was done: the ledger takes nothing now (see the log; often the disk is full). Give it again when there is room.',
}
const HALF_WRITTEN =
  ' The audit has the order, but not what came of it: the ledger could not be written any more.'
const HALF_DONE =
  'A store stopped taking anything in the middle of it (see the log; often the disk is full). What is in force already stays and is written as soon as there is room; look before you give the order again.'

export function createCommand(parts: OrderParts): (given: GivenOrder) => Promise<OrderOutcome> {
  return async given => {
    const { run, written, target } = look(parts, given)
    const audited = { ...given, order: written }
    if (!(await wasWritten(parts.audit.begin(audited)))) return UNWRITTEN
    const answer = await carriedOut(run)
    const outcome = withoutSecret(answer)
    const whole = await wasWritten(parts.audit.end(audited, outcome))
    parts.reporter.note({
      kind: 'order-given',
      at: given.at,
      actor: actorName(given.actor),
      order: written.kind,
      target,
      outcome,
    })
    return whole ? answer : { ...answer, text: answer.text + HALF_WRITTEN }
  }
}

async function wasWritten(writing: Promise<void>): Promise<boolean> {
  try {
    await writing
    return true
  } catch (error) {
    if (error instanceof StoreUnavailable) return false
    throw error
  }
}

async function carriedOut(run: CheckedOrder['run']): Promise<OrderOutcome> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    return { done: false, unavailable: true, text: HALF_DONE }
  }
}

/** Doors have looked at it, too, to say what is wrong in their own way; none of them is relied on. */
function look(parts: OrderParts, given: GivenOrder): CheckedOrder {
  const { actor, at } = given
  const parsed = parseOrder(given.order)
  if ('problem' in parsed) {
    // Its content is not checked: only its kind is written down.
    const kind = String((given.order as UncheckedOrder | null)?.kind).slice(0, 64)
    const refusal = refused(inWords(parsed.problem))
    return { run: async () => refusal, written: { kind }, target: '' }
  }
  const { contract, order } = parsed
  const refusal = forbidden(contract, actor)
  const run = async () => refusal ?? runOf(order.kind)(parts, { order, actor, at })
  // The contract and the fields are of one kind: the list says so, and a test that both lists are the same.
  const fields = order as FieldsOf<Contract['fields']>
  const where = actor.kind === 'owner' ? { from: actor.from } : {}
  const written = { ...order, ...contract.censor(fields), ...where }
  return { run, written, target: contract.target(fields) }
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
