// `cordon events`: what the journal says about a customer, a login, an address, a message or a refusal, without reading all of it.

import { Command } from 'commander'
import { canonicalIp } from '../model/ip.ts'
import { foldAddress } from '../model/mail-address.ts'
import { type EventKey, isEventKey } from '../ports/event-index.ts'
import type { ControlOptions } from './control-client.ts'
import { NotSo, UsageError } from './failures.ts'
import { type EventsAnswer, eventsOf, shownEvents } from './journal-lines.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy, timeOf } from './shared-options.ts'

export function eventsCommand(): Command {
  return controlOptions(
    new Command('events')
      .argument(
        '<about>',
        'customer number, mail account, IP address, or the id of a message or refusal as it stands in the log; line:CUSTOMER, login:NAME, address:IP, message:ID, refusal:ID, message-id:ID (of what was refused) say which is meant',
      )
      .option('--since <time>', 'first time, such as 2026-11-20T10:22Z; a day ago without it'),
  ).action(
    sayingWhy(async (about: string, options: ControlOptions & { since?: string }) => {
      const since = options.since === undefined ? undefined : timeOf('--since', options.since)
      const found = await firstFound(eventKeysOf(about), key => eventsOf(options, key, since))
      if (options.json) return sayJson(found)
      if (found.rows.length + found.unreadable.length === 0)
        throw new NotSo(
          `nothing about ${about} ${options.since === undefined ? 'in the last day; --since looks further back' : `since ${options.since}`}`,
        )
      console.log(shownEvents(found))
    }),
  )
}

/** The answer for the first key that has events; where none has, the answer for the last key. */
export async function firstFound(
  keys: readonly EventKey[],
  find: (key: EventKey) => Promise<EventsAnswer>,
): Promise<EventsAnswer> {
  let found: EventsAnswer = { rows: [], truncated: false, unreadable: [] }
  for (const key of keys) {
    found = await find(key)
    if (found.rows.length > 0) break
  }
  return found
}

/** The keys that `about` may mean, the likeliest first: as `cordon evidence` and `cordon who` take it, and ids as they stand in the log. */
export function eventKeysOf(about: string): readonly EventKey[] {
  const ip = canonicalIp(about)
  if (ip !== undefined) return [`address:${ip}`]
  if (isEventKey(about)) return [about]
  if (about.startsWith('session:'))
    throw new UsageError(
      `events are not found by their session. Look for it in the log: grep ${about.slice('session:'.length)}`,
    )
  if (!about.includes('@')) return [`line:${about}`, `message:${about}`, `refusal:${about}`]
  const bare = about.replace(/^<|>$/g, '')
  return [`login:${foldAddress(bare)}`, `message-id:<${bare}>`]
}
