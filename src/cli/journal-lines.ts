// What the journal says about one thing, asked of the running Cordon, and its lines for people.

import type { Event } from '../model/event.ts'
import type { EventKey } from '../ports/event-index.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { harmless, when } from './table.ts'

export type EventsAnswer = {
  readonly rows: readonly Event[]
  readonly truncated: boolean
  readonly unreadable: readonly string[]
}

/** `since`: ms since 1970; a day ago without it. */
export const eventsOf = (
  options: ControlOptions,
  key: EventKey,
  since?: number,
): Promise<EventsAnswer> =>
  ask(options, `/events/${encodeURIComponent(key)}${since === undefined ? '' : `?since=${since}`}`)

export function shownEvents({ rows, truncated, unreadable }: EventsAnswer): string {
  return [
    ...rows.map(lineOf),
    ...(rows.length === 0 ? ['nothing that can be read'] : []),
    ...(truncated ? ['and more: ask again with --since, from the last one on'] : []),
    ...unreadable.map(name => `${name} is torn: there may have been more in it`),
  ].join('\n')
}

/** A time in the form that the log has; `--json` keeps the journal's milliseconds. */
const untilAsTime = (key: string, value: unknown): unknown =>
  key === 'until' && typeof value === 'number' ? new Date(value).toISOString() : value

export function lineOf({ at, kind, id: _id, seq: _seq, ...said }: Event): string {
  return `${when(at)}  ${kind}  ${harmless(JSON.stringify(said, untilAsTime))}`
}
