// Access servers that change a session when they are told (RADIUS CoA, RFC 5176). They cannot be asked what they hold.

import type { Restriction } from '../../../model/decision.ts'
import type { NetworkControl } from '../../../ports/network-control.ts'
import { CODES } from '../../../wire/radius.ts'
import { HeldFile } from '../held-file.ts'
import { type AccessServer, coaClient } from './coa-client.ts'
import {
  causeOf,
  changes,
  type CoaTemplates,
  identification,
  SESSION_GONE,
  sessionKey,
  type SessionState,
  stateOf,
} from './coa-requests.ts'

export type RadiusCoaSettings = CoaTemplates & {
  readonly name: string
  readonly realm: string
  readonly servers: readonly AccessServer[]
  /** Requests to one access server. */
  readonly perSecond: number
  /** Such a session is ended (Disconnect), and gets what it is to be given when it comes again. */
  readonly disconnect: readonly SessionState[]
}

export type RadiusCoa = NetworkControl & { close(): void }

/** `file`: where it is written down what was put on. */
export function radiusCoa(settings: RadiusCoaSettings, file: string, now: () => number): RadiusCoa {
  const { name, realm, perSecond } = settings
  const servers = new Map(settings.servers.map(one => [one.nas, one]))
  const held = new HeldFile(file)
  const client = coaClient(perSecond)
  /** Which decision ended a subscriber's session last, for each state: the session that comes next has it already. */
  const ended = new Map<string, string>()
  const placeOf = (mine: readonly Restriction[], state: SessionState) =>
    `${mine[0]?.subscriber} ${state}`
  const decisionOf = (mine: readonly Restriction[]) => mine[0]?.decision ?? ''

  /** Of each session once. Rejects when an access server did not do it. */
  async function bringAbout(
    entries: readonly Restriction[],
    stateFor: (entry: Restriction) => SessionState,
  ): Promise<void> {
    const sessions = new Map<string, Restriction[]>()
    for (const entry of entries) {
      if (!entry.session) continue
      const key = sessionKey(entry.session)
      const mine = sessions.get(key)
      if (mine) mine.push(entry)
      else sessions.set(key, [entry])
    }
    const results = await Promise.allSettled(
      [...sessions.values()].map(async mine => {
        const [first] = mine
        if (first) await change(mine, stateFor(first))
      }),
    )
    const failed = results.find(result => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  async function change(mine: readonly Restriction[], state: SessionState): Promise<void> {
    const session = mine[0]?.session
    const server = session && servers.get(session.nas)
    if (!session || !server) return
    const prefixes = mine.map(({ prefix }) => prefix)
    const who = identification(session, { prefixes, now: now() })
    const ends = settings.disconnect.includes(state)
    // What is over is said of each session but once anyway.
    const again = state !== 'normal' && ended.get(placeOf(mine, state)) === decisionOf(mine)
    if (ends && again) return
    const answer = ends
      ? await client.ask(server, CODES.disconnectRequest, who)
      : await client.ask(server, CODES.coaRequest, [...who, ...changes(state, settings)])
    const { cause, words } = causeOf(answer.attributes)
    // A session that is gone is as it should be; its line's next one is another lease.
    const yes = answer.code === CODES.coaAck || answer.code === CODES.disconnectAck
    const done = yes || cause === SESSION_GONE
    if (ends && done) ended.set(placeOf(mine, state), decisionOf(mine))
    if (!done) throw new Error(`${session.nas}: ${words}`)
  }

  return {
    name,
    fits: ({ session, realm: mine, ports, state }) =>
      mine === realm &&
      state !== 'named' &&
      session !== undefined &&
      servers.has(session.nas) &&
      !ports,
    apply: entries => held.putting(entries, () => bringAbout(entries, stateOf)),
    revoke: async entries => {
      held.drop(entries)
      // A session of which something is still held stays as it is.
      const stays = new Set(
        held.list().flatMap(({ session }) => (session ? [sessionKey(session)] : [])),
      )
      const ends = entries.filter(({ session }) => session && !stays.has(sessionKey(session)))
      try {
        await bringAbout(ends, () => 'normal')
      } catch (error) {
        held.put(ends)
        throw error
      }
    },
    list: async subscriber => held.list(subscriber),
    close: () => client.close(),
  }
}
