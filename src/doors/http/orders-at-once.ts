// Several waiting messages of a customer, sent or deleted with one button: one order for each, as if each button had been pressed. One that
// fails keeps none of the others.

import type { PortalWords } from '../../languages/english/portal.ts'
import type { Owner } from '../../model/order.ts'
import type { Engine } from '../../ports/engine.ts'
import { parseFields } from '../../orders/parse-order.ts'

export type AtOnce = {
  readonly order: string
  readonly messages: readonly string[]
  readonly actor: Owner
  readonly words: PortalWords['outcome']
}

type AtOnceParts = { readonly command: Engine['command']; readonly now: () => number }

const KINDS = { 'release-message': 'sent', 'purge-message': 'deleted' } as const

const isKind = (order: string): order is keyof typeof KINDS => Object.hasOwn(KINDS, order)

/** What came of it, in words; undefined: it is no order about messages that wait, or about none. */
export async function ordersAtOnce(
  { command, now }: AtOnceParts,
  { order: kind, messages, actor, words }: AtOnce,
): Promise<string | undefined> {
  if (!isKind(kind) || messages.length === 0) return undefined
  let done = 0
  for (const message of new Set(messages)) {
    const parsed = parseFields(kind, { message })
    if ('problem' in parsed) return undefined
    const outcome = await command({ order: parsed.order, actor, at: now() })
    if (outcome.done) done++
  }
  const left = new Set(messages).size - done
  const said = done > 0 ? words[KINDS[kind]](done) : ''
  return left > 0 ? `${said}${words.left(left)}`.trim() : said
}
