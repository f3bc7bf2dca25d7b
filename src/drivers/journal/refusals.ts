// Finds refusals: the last ones in memory, older ones in the journal, from their hour on, one search at a time.

import { BoundedMap } from '../../model/bounded-map.ts'
import type { Event, EventOf } from '../../model/event.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { RefusalIds } from '../../mail/refusal-id.ts'
import type { Refusals, RefusalsAsked, RefusalsFound } from '../../ports/refusals.ts'
import type { EventIndex, EventKey } from '../../ports/event-index.ts'

/** Events that may not be on the disk yet. */
const IN_MEMORY = 1000
/** The events of one refusal: `judged`, and `step-judged` with what was seen. */
const PER_REFUSAL = 2
/** Results that are remembered: a page is looked at more than once. */
const FOUND = 1000

export function refusals(
  index: EventIndex,
  ids: RefusalIds,
  hide: (address: string) => string,
): Refusals & { hear(event: Event): void } {
  const last = new BoundedMap<string, EventOf<'step-judged'>>(IN_MEMORY)
  const searched = new BoundedMap<string, Promise<EventOf<'step-judged'> | undefined>>(FOUND)
  let queue: Promise<unknown> = Promise.resolve()

  const search = async (id: string, at: number) => {
    const { events } = await index.find(`refusal:${id}`, { since: at, limit: PER_REFUSAL })
    const whole = events.find(event => event.kind === 'step-judged')
    if (whole) return whole
    const brief = events.find(event => event.kind === 'judged')
    return brief && asStep(brief)
  }
  const about = async ({ since, limit, ...asked }: RefusalsAsked): Promise<RefusalsFound> => {
    const found = await Promise.all(
      keysFor(asked, hide).map(key => index.find(key, { since, limit })),
    )
    const rows = found
      .flatMap(({ events }) => events)
      .filter(event => event.kind === 'step-judged')
      .toSorted((a, b) => a.at - b.at)
    return {
      rows: rows.slice(0, limit),
      truncated: rows.length > limit || found.some(({ truncated }) => truncated),
      unreadable: [...new Set(found.flatMap(({ unreadable }) => unreadable))],
    }
  }
  return {
    about,
    hear: event => {
      if (event.kind !== 'step-judged' || event.refusal === undefined) return
      last.set(event.refusal, event)
    },
    find: async id => {
      const at = ids.read(id)
      if (at === undefined) return undefined
      const known = last.get(id)
      if (known) return known
      const before = searched.get(id)
      if (before) return before
      const found = queue
        .then(() => search(id, at))
        .catch(() => {
          // The search failed: the next call searches again.
          searched.delete(id)
          return undefined
        })
      queue = found
      searched.set(id, found)
      return found
    },
  }
}

type RefusalAbout = { readonly address: string } | { readonly messageId: string }

/** An address of our own people stands there as it is, any other hidden. A Message-ID is asked for with and without its brackets. */
function keysFor(asked: RefusalAbout, hide: (address: string) => string): EventKey[] {
  if ('messageId' in asked) {
    const bare = asked.messageId.replace(/^<|>$/g, '')
    return [`message-id:<${bare}>`, `message-id:${bare}`]
  }
  const address = foldAddress(asked.address)
  return [`mail:${hide(address)}`, `mail:${address}`]
}

/** Of a flood there is only `judged`: what was seen is not written down then. */
function asStep({
  listener,
  stage,
  session,
  message,
  ...event
}: EventOf<'judged'>): EventOf<'step-judged'> {
  return {
    ...event,
    kind: 'step-judged',
    step: { listener, stage, ...(session === undefined ? {} : { session }) },
    ...(message === undefined ? {} : { saw: { message } }),
  }
}
