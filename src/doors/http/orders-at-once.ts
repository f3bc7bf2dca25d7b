// Several waiting messages of a customer, sent or deleted with one button: one order for each that still waits, as if each button had been
// pressed. One that fails keeps none of the others; one that waits no more needs no order, and no row in the audit.

import { createHash } from 'node:crypto'
import type { PortalWords } from '../../languages/english/portal.ts'
import type { Owner } from '../../model/order.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Reading } from '../../ports/reading.ts'
import { parseFields } from '../../orders/parse-order.ts'

export type AtOnce = {
  readonly order: string
  readonly messages: readonly string[]
  readonly actor: Owner
  readonly words: PortalWords['outcome']
}

export type AtOnceParts = {
  readonly command: Engine['command']
  readonly reading: Pick<Reading, 'queue'>
  readonly now: () => number
}

/** What a session remembers of them. */
export type AtOnceSession = {
  /** What the last order came to, until it is shown. */
  said?: string
  /** What was asked last: a button that is pressed twice asks the same again. */
  asked?: string
  /** Settles with the last of them: a second one finds what the first has left. */
  turn?: Promise<unknown>
}

/** `done`: sent, or deleted. `turn`: it waits for its turn. `gone`: it waited no more. `left`: it did not work. */
type Came = 'done' | 'turn' | 'gone' | 'left'

const KINDS = { 'release-message': 'sent', 'purge-message': 'deleted' } as const
/** The page names at most 200 that are held and 200 that wait for their turn. */
const MOST = 400

const isKind = (order: string): order is keyof typeof KINDS => Object.hasOwn(KINDS, order)

/** Tells the session what came of it; false: it is no order about messages that wait, about none, or about more than a page names. */
export async function ordersAtOnce(
  parts: AtOnceParts,
  session: AtOnceSession,
  asked: AtOnce,
): Promise<boolean> {
  const { order } = asked
  const messages = [...new Set(asked.messages)]
  if (!isKind(order) || messages.length === 0 || messages.length > MOST) return false
  const name = createHash('sha256')
    .update([order, ...messages].join(' '))
    .digest('base64')
  const before = session.turn
  const turn = (async () => {
    await before?.catch(() => undefined)
    if (session.asked === name && session.said !== undefined) return
    session.said = await inTurn(parts, { ...asked, order, messages })
    session.asked = name
  })()
  session.turn = turn
  await turn
  return true
}

async function inTurn(
  parts: AtOnceParts,
  { order, messages, actor, words }: AtOnce & { readonly order: keyof typeof KINDS },
): Promise<string> {
  const came: Record<Came, number> = { done: 0, turn: 0, gone: 0, left: 0 }
  for (const message of messages) came[await ordered(parts, order, { message, actor })]++
  const said = [
    came.done > 0 ? words[KINDS[order]](came.done) : '',
    came.turn > 0 ? words.turn(came.turn) : '',
    came.gone > 0 ? words.gone(came.gone) : '',
    came.left > 0 ? words.left(came.left) : '',
  ]
  return said.filter(one => one !== '').join(' ')
}

async function ordered(
  parts: AtOnceParts,
  kind: keyof typeof KINDS,
  { message, actor }: { readonly message: string; readonly actor: Owner },
): Promise<Came> {
  const { command, now } = parts
  const parsed = parseFields(kind, { message })
  if ('problem' in parsed) return 'gone'
  const without = await waitsAs(parts, message, actor)
  if (without === undefined) return 'gone'
  // What waits for its turn is not sent before it without the code, and goes by itself.
  if (without === 'paced' && kind === 'release-message') return 'turn'
  const outcome = await command({ order: parsed.order, actor, at: now() })
  if (outcome.done) return outcome.waits ? 'turn' : 'done'
  const still = await waitsAs(parts, message, actor)
  return still === undefined
    ? 'gone'
    : still === 'paced' && kind === 'release-message'
      ? 'turn'
      : 'left'
}

async function waitsAs(
  { reading }: Pick<AtOnceParts, 'reading'>,
  message: string,
  { subscriber }: Owner,
): Promise<'held' | 'paced' | undefined> {
  for (const state of ['held', 'paced'] as const) {
    const { rows } = await reading.queue({ message, subscriber, state }, { limit: 1 })
    if (rows.length > 0) return state
  }
  return undefined
}
