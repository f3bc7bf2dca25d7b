// Access servers that change a session when they are told (RADIUS CoA, RFC 5176). They cannot be asked what they hold.

import { type Restriction, restrictionKey } from '../../../model/decision.ts'
import type { Lifted, NetworkControl } from '../../../ports/network-control.ts'
import { CODES, type RadiusPacket } from '../../../wire/radius.ts'
import { type Failure, type Failures, HeldFile } from '../held-file.ts'
import { type AccessServer, type CoaClient, coaClient } from './coa-client.ts'
import {
  causeOf,
  changes,
  type CoaTemplates,
  type IdentifiedBy,
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
  /** What a session is named by, in this order. */
  readonly identify: readonly IdentifiedBy[]
  /** Requests are signed with Message-Authenticator, too. */
  readonly messageAuthenticator: boolean
  /** In these states a session is ended (Disconnect), and gets what it is to be given when it comes again. */
  readonly disconnect: readonly SessionState[]
}

export type RadiusCoa = NetworkControl & { close(): void }

/** `file`: where it is written down what was put on. */
export function radiusCoa(
  settings: RadiusCoaSettings,
  file: string,
  now: () => number,
  client: CoaClient = coaClient(settings),
): RadiusCoa {
  const { name, realm } = settings
  const servers = new Map(settings.servers.map(one => [one.nas, one]))
  const place = (entry: Restriction) =>
    `${restrictionKey(entry)} ${entry.session ? sessionKey(entry.session) : ''}`
  const held = new HeldFile(file, place)
  /** Which decision ended a subscriber's session last, for each state: the session that comes next has it already. */
  const ended = new Map<string, string>()
  const placeOf = (mine: readonly Restriction[], state: SessionState) =>
    `${mine[0]?.subscriber} ${state}`
  const decisionOf = (mine: readonly Restriction[]) => mine[0]?.decision ?? ''

  /** Asks once for each session. */
  async function bringAbout(
    entries: readonly Lifted[],
    stateFor: (entry: Restriction) => SessionState,
  ): Promise<Failures> {
    const failures = new Map<Restriction, Failure>()
    await Promise.all(
      sessionsOf(entries).map(async mine => {
        const failure = mine[0] && (await change(mine, stateFor(mine[0])))
        if (failure) for (const entry of mine) failures.set(entry, failure)
      }),
    )
    return failures
  }

  /** What the access server said against it; undefined when it is as it should be. */
  async function change(
    mine: readonly Lifted[],
    state: SessionState,
  ): Promise<Failure | undefined> {
    const session = mine[0]?.session
    const server = session && servers.get(session.nas)
    if (!session || !server) return undefined
    const prefixes = mine.map(({ prefix }) => prefix)
    const who = identification(session, { prefixes, now: now(), identify: settings.identify })
    const ends = settings.disconnect.includes(state)
    // What is over is said of each session but once anyway.
    const again = state !== 'default' && ended.get(placeOf(mine, state)) === decisionOf(mine)
    if (ends && again) return undefined
    const code = ends ? CODES.disconnectRequest : CODES.coaRequest
    const attributes = ends ? who : [...who, ...changes(state, settings)]
    const answer = await client
      .ask(server, code, attributes)
      .catch((error: Error): Failure => ({ standing: 'unanswered', words: error.message }))
    // A session that is gone, as accounting says, too, is as it should be; its line's next one is another lease.
    const isOver = mine.every(({ over }) => over === true)
    const failure = 'standing' in answer ? answer : failureIn(answer, session.nas)
    const isDone = failure === undefined || (failure.standing === 'gone' && isOver)
    if (ends && isDone) ended.set(placeOf(mine, state), decisionOf(mine))
    return isDone ? undefined : failure
  }

  return {
    name,
    place,
    fits: ({ session, realm: mine, ports, state }) =>
      mine === realm &&
      state !== 'named' &&
      session !== undefined &&
      servers.has(session.nas) &&
      !ports,
    apply: entries => held.putting(entries, () => bringAbout(entries, stateOf)),
    revoke: async entries => {
      // A session of which something else is held stays as it is.
      const lifted = new Set(entries.map(place))
      const stays = new Set(
        held
          .list()
          .flatMap(one =>
            one.session && !lifted.has(place(one)) ? [sessionKey(one.session)] : [],
          ),
      )
      const isLeft = ({ session }: Restriction) => !session || stays.has(sessionKey(session))
      held.forget(entries.filter(isLeft))
      await held.lifting(
        entries.filter(entry => !isLeft(entry)),
        mine => bringAbout(mine, () => 'default'),
      )
    },
    list: async subscriber => held.list(subscriber),
    close: () => client.close(),
  }
}

function sessionsOf(entries: readonly Lifted[]): readonly (readonly Lifted[])[] {
  const sessions = new Map<string, Lifted[]>()
  for (const entry of entries) {
    if (!entry.session) continue
    const key = sessionKey(entry.session)
    const mine = sessions.get(key)
    if (mine) mine.push(entry)
    else sessions.set(key, [entry])
  }
  return [...sessions.values()]
}

function failureIn({ code, attributes }: RadiusPacket, nas: string): Failure | undefined {
  if (code === CODES.coaAck || code === CODES.disconnectAck) return undefined
  const { cause, words } = causeOf(attributes)
  return { standing: cause === SESSION_GONE ? 'gone' : 'refused', words: `${nas}: ${words}` }
}
