// Events of the journal by what they are about, without reading all of it. The index only says where to look: what is not in it yet is
// read from the files, so an index that lags or begins anew makes an answer later, never wrong.

import type { Event } from '../model/event.ts'

/** What may be asked for, as one word: `refusal:ID`, `message:ID`, `address:IP`, `line:CUSTOMER`, `login:NAME`. Of refusals
 * also `mail:ADDRESS`, hidden as it is in the journal, and `message-id:ID`. */
export type EventKey =
  `${'refusal' | 'message' | 'address' | 'line' | 'login' | 'mail' | 'message-id'}:${string}`

export const isEventKey = (text: string): text is EventKey =>
  /^(?:refusal|message|address|line|login|mail|message-id):./s.test(text)

export type EventsFound = {
  /** In the order of the journal, the oldest first. */
  readonly events: readonly Event[]
  /** As many as were asked for: there may be more. */
  readonly truncated: boolean
  /** Files that could not be read to their end: there may have been more in them. */
  readonly unreadable: readonly string[]
}

export interface EventIndex {
  /** Events about this, of the hour of `since` and later, as far as they are on the disk (a second late). Rejects when there is no journal. */
  find(
    about: EventKey,
    asked: { readonly since: number; readonly limit: number },
  ): Promise<EventsFound>
}
