// Access servers that change a session on request (RADIUS CoA, RFC 5176). They have no request for what is in force, so Cordon keeps a file.

import { placeInSession, type Restriction, sessionKey } from '../../../model/decision.ts'
import type { Held, Lifted, NetworkControl } from '../../../ports/network-control.ts'
import { CODES, type RadiusPacket } from '../../../wire/radius.ts'
import { AfterRestore } from '../after-restore.ts'
import { type Failure, type Failures, HeldFile } from '../held-file.ts'
import { unconfirmed } from '../unconfirmed.ts'
import { type AccessServer, type CoaClient, coaClient } from './coa-client.ts'
import {
  causeOf,
  changes,
  type CoaTemplates,
  type IdentifiedBy,
  identification,
  SESSION_GONE,
  type SessionState,
  stateOf,
} from './coa-requests.ts'
import { EndedSessions } from './ended-sessions.ts'

export type RadiusCoaSettings = CoaTemplates & {
  /** `radiusCoa[].name`, radius-coa by default. */
  readonly name: string
  /** `radiusCoa[].realm`, main by default. */
  readonly realm: string
  readonly servers: readonly AccessServer[]
  /** Requests a second to one access server: `radiusCoa[].perSecond`, 20 by default, 1 to 1000. */
  readonly perSecond: number
  /**
   * Attributes that identify a session in a request, in this order: `radiusCoa[].identify`, nas, session, user, address, time by
   * default.
   */
  readonly identify: readonly IdentifiedBy[]
  /**
   * Requests have a Message-Authenticator, beside the Request Authenticator: `radiusCoa[].messageAuthenticator`, true by default; some
   * access servers refuse one.
   */
  readonly messageAuthenticator: boolean
  /**
   * For these states a session is ended (Disconnect), and the RADIUS server gives its attributes to the next session:
   * `radiusCoa[].disconnect`, nothing by default, isolated, redirect-25, open or default; none when empty.
   */
  readonly disconnect: readonly SessionState[]
}

/** A session that was ended is over within that (ms), as accounting tells it; else its access server only said so. */
const ENDS_WITHIN = 30_000
export type RadiusCoa = NetworkControl & { close(): void }

/** `file`: records the restrictions that were applied. */
export function radiusCoa(
  settings: RadiusCoaSettings,
  file: string,
  now: () => number,
  client: CoaClient = coaClient(settings),
): RadiusCoa {
  const { name, realm } = settings
  const servers = new Map(settings.servers.map(one => [one.nas, one]))
  const { meetsOne, place } = namedBy(settings)
  const held = new HeldFile(file, place)
  const ended = new EndedSessions(`${file}.ended`)
  const afterRestore = new AfterRestore(file, held)
  // The next session of a customer may have had another state since.
  if (afterRestore.isNew) ended.forgetAll()
  /** By session, what is to be taken off it as soon as another restriction is written down for it. */
  const leaving = new Map<string, readonly Restriction[]>()
  const isStillThere = (entry: Restriction) => ended.hasEnded(entry, now(), ENDS_WITHIN)

  /** Sends one request for each session. */
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
    ended.save()
    return failures
  }

  /** Why the access server did not change the session; undefined when the session has the state. */
  async function change(
    mine: readonly Lifted[],
    state: SessionState,
  ): Promise<Failure | undefined> {
    const [first] = mine
    const session = first?.session
    if (!first || !session) return undefined
    // Success, too: the access server has no such session, and accounting said that it ended. The line's next session is another lease.
    const isOver = mine.every(({ over }) => over === true)
    const server = servers.get(session.nas)
    if (!server) return isOver ? undefined : withoutEntry(session.nas)
    const ends = settings.disconnect.includes(state)
    // What is ended has nothing left to end, and its number may be another session's by now.
    const isEnded = ends && mine.every(({ stopped }) => stopped === true)
    if (isOver && (isEnded || ended.hasEnded(first, now()))) return undefined
    const prefixes = mine.map(({ prefix }) => prefix)
    const who = identification(session, { prefixes, now: now(), identify: settings.identify })
    // The default state needs no such memory: it is requested once for each session.
    const again = state !== 'default' && ended.isFor(first, state)
    if (ends && again) return isStillThere(first) ? GOES_ON : undefined
    const code = ends ? CODES.disconnectRequest : CODES.coaRequest
    const attributes = ends ? who : [...who, ...changes(state, settings)]
    const answer = await client
      .ask(server, code, attributes)
      .catch((error: Error): Failure => ({ standing: 'unanswered', words: error.message }))
    const failure = 'standing' in answer ? answer : failureIn(answer, session.nas)
    const isDone = failure === undefined || (failure.standing === 'gone' && isOver)
    if (ends && isDone) {
      ended.add(first, state, now())
    }
    return isDone ? undefined : failure
  }

  const fits = (entry: Restriction) => isSession(entry, realm, servers)

  const known = (subscriber?: string) =>
    held.list(subscriber).map(one => asKnown(one, { servers, isStillThere }))

  return {
    name,
    place,
    worries: () => unconfirmed(name, known()),
    lanes: {
      of: ({ session }) => session?.nas ?? '',
      atOnce: Math.max(1, Math.floor(settings.perSecond / 4)),
    },
    fits,
    meetsOne,
    apply: entries =>
      held.putting(entries, () => {
        // The new ones are written down by now, and the session is never without any.
        for (const key of new Set(sessionsIn(entries))) {
          const put = new Set(entries.map(place))
          held.forget((leaving.get(key) ?? []).filter(one => !put.has(place(one))))
          leaving.delete(key)
        }
        return bringAbout(entries, stateOf)
      }),
    revoke: async entries => {
      // A session on which another restriction is in force, or is put next, is not changed.
      const lifted = new Set(entries.map(place))
      const others = new Set(sessionsIn(held.list().filter(one => !lifted.has(place(one)))))
      const isLeft = (entry: Restriction) => !entry.session || others.has(sessionKey(entry))
      held.forget(entries.filter(isLeft))
      const alone = entries.filter(entry => !isLeft(entry))
      const next = alone.filter(({ stays }) => stays === true)
      for (const key of sessionsIn(entries)) leaving.delete(key)
      for (const mine of sessionsOf(next)) if (mine[0]) leaving.set(sessionKey(mine[0]), mine)
      await held.lifting(
        alone.filter(({ stays }) => stays !== true),
        mine => bringAbout(mine, () => 'default'),
      )
    },
    doubtRestored: entries => {
      // Every session there is would be ended.
      if (settings.disconnect.includes('default')) return
      afterRestore.doubt(() => Iterator.from(entries()).filter(fits), now())
    },
    list: async subscriber => known(subscriber),
    close: () => {
      client.close()
      ended.save()
    },
  }
}

/** What a request meets, and what one entry takes up, by what a session is named by. */
function namedBy({ identify }: Pick<RadiusCoaSettings, 'identify'>) {
  const namesUser = ['session', 'user'].every(named => identify.some(one => one === named))
  // By its number alone it could be another user's, who has that number now.
  const meetsOne = ({ session }: Pick<Restriction, 'session'>) =>
    namesUser && session !== undefined && session.user !== ''
  /** Two users of one number may have one address, too: each is told by itself. */
  const place = (entry: Restriction) =>
    meetsOne(entry) ? `${placeInSession(entry)} ${entry.subscriber}` : placeInSession(entry)
  return { meetsOne, place }
}

const isSession = (
  { session, realm: mine, ports, state }: Restriction,
  realm: string,
  servers: ReadonlyMap<string, AccessServer>,
): boolean =>
  mine === realm && state !== 'named' && session !== undefined && servers.has(session.nas) && !ports

const GOES_ON: Failure = {
  standing: 'goes on',
  words: 'it said that it ended the session, and accounting has not told of an end',
}

const withoutEntry = (nas: string): Failure => ({
  standing: 'no entry',
  words: `${nas} is no server in radiusCoa any more, and may hold it still`,
})

type DeviceKnown = {
  readonly servers: ReadonlyMap<string, AccessServer>
  readonly isStillThere: (entry: Restriction) => boolean
}

/** As the device is known to have it. */
function asKnown(entry: Held, { servers, isStillThere }: DeviceKnown): Held {
  if (entry.session && !servers.has(entry.session.nas))
    return { ...entry, ...withoutEntry(entry.session.nas) }
  return entry.standing === undefined && isStillThere(entry) ? { ...entry, ...GOES_ON } : entry
}

const sessionsIn = (entries: readonly Restriction[]): readonly string[] =>
  entries.flatMap(entry => (entry.session ? [sessionKey(entry)] : []))

function sessionsOf(entries: readonly Lifted[]): readonly (readonly Lifted[])[] {
  const sessions = new Map<string, Lifted[]>()
  for (const entry of entries) {
    if (!entry.session) continue
    const key = sessionKey(entry)
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
