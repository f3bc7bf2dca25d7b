// `cordon events`: what the journal says about a customer, a login, an address, a message or a refusal, without reading all of it.

import { Command } from 'commander'
import type { Event } from '../model/event.ts'
import { canonicalIp } from '../model/ip.ts'
import { foldAddress } from '../model/mail-address.ts'
import { type EventKey, isEventKey } from '../ports/event-index.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { UsageError } from './failures.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { harmless, when } from './table.ts'

type EventsAnswer = {
  readonly rows: readonly Event[]
  readonly truncated: boolean
  readonly unreadable: readonly string[]
}

export function eventsCommand(): Command {
  return controlOptions(
    new Command('events')
      .argument(
        '<about>',
        'customer number, mail account or IP address; or line:CUSTOMER, login:NAME, address:IP, message:ID, refusal:ID',
      )
      .option('--since <time>', 'from then on, such as 2026-11-20T10:22Z; a day without it'),
  ).action(
    sayingWhy(async (about: string, options: ControlOptions & { since?: string }) => {
      const since = options.since === undefined ? undefined : Date.parse(options.since)
      if (Number.isNaN(since)) throw new UsageError('Write a time, such as 2026-11-20T10:22Z.')
      const query = since === undefined ? '' : `?since=${since}`
      const found = await ask<EventsAnswer>(
        options,
        `/events/${encodeURIComponent(eventKeyOf(about))}${query}`,
      )
      if (options.json) sayJson(found)
      else console.log(shown(found))
    }),
  )
}

/** As `cordon evidence` and `cordon who` take it. */
export function eventKeyOf(about: string): EventKey {
  const ip = canonicalIp(about)
  if (ip !== undefined) return `address:${ip}`
  if (isEventKey(about)) return about
  return about.includes('@') ? `login:${foldAddress(about)}` : `line:${about}`
}

function shown({ rows, truncated, unreadable }: EventsAnswer): string {
  return [
    ...rows.map(lineOf),
    ...(rows.length === 0 ? ['nothing'] : []),
    ...(truncated ? ['and more: ask again with --since, from the last one on'] : []),
    ...unreadable.map(name => `${name} is torn: there may have been more in it`),
  ].join('\n')
}

function lineOf({ at, kind, id: _id, seq: _seq, ...said }: Event): string {
  return `${when(at)}  ${kind}  ${harmless(JSON.stringify(said))}`
}
