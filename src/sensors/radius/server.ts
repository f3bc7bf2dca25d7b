// RADIUS accounting over UDP (RFC 2866): access servers tell which user has which address. An answer is sent only when what was told is on
// disk, so that nothing told is lost; a server that gets none tells it again. Packets that are not signed with the secret of the
// address they come from are counted and dropped.

import type { RemoteInfo, Socket } from 'node:dgram'
import type { AccessSession, Lease, LeaseChange } from '../../model/lease.ts'
import { canonicalIp } from '../../model/ip.ts'
import type { Leases, MoveLeases } from '../../ports/leases.ts'
import {
  ATTRIBUTES,
  CODES,
  isSigned,
  isStatusServer,
  parseRadius,
  type RadiusPacket,
  signedAnswer,
} from '../../wire/radius.ts'
import type { Worry } from '../../wire/sensor.ts'
import type { TellerClocks } from '../../wire/teller-clocks.ts'
import { listenUdp } from '../../wire/udp-listener.ts'
import {
  type AccountingRecord,
  accountingRecord,
  type SubscriberAttribute,
  type SessionNews,
} from './accounting.ts'
import { AnswersGiven } from './answers-given.ts'
import {
  firstTellers,
  type RadiusClient,
  type RadiusClientSettings,
  radiusClients,
} from './clients.ts'
import { quiet, RefusedAccounting } from './refused.ts'
import { AccountingSessions } from './sessions.ts'
import { timeOf } from './time-of-event.ts'

export type RadiusSettings = {
  /** `radius.address`, 0.0.0.0 by default. */
  readonly address: string
  /** UDP: `radius.port`, 1813 by default, 0 to 65535; 0: any free port. */
  readonly port: number
  readonly clients: readonly RadiusClientSettings[]
  /** `radius.answer`, true by default; false: another RADIUS server answers, and we get a copy. */
  readonly answer: boolean
  /** `radius.realm`, main by default. */
  readonly realm: string
  /** `radius.subscriber`, user-name by default. */
  readonly subscriber: SubscriberAttribute
  /**
   * ms between two interim updates of a session: `radius.interim`, 10m by default, 0s to 1d; 0: none are sent, and no lease ends for want
   * of them.
   */
  readonly interim: number
}

export type RadiusParts = {
  readonly moveLeases: MoveLeases
  /** Leases that were open before. */
  readonly leases: readonly Lease[]
  readonly standing: Leases['standing']
  readonly begunSince: Leases['begunSince']
  readonly within: Leases['within']
  readonly around: Leases['around']
  readonly subscriberOf: (name: string) => string | undefined
  /** Called for a session of a user that is no customer. */
  readonly unknown: (record: SessionNews) => void
  readonly clocks: TellerClocks
  /** When access servers were heard of before a restart. */
  readonly heardOf: (nas: string) => number | undefined
  readonly noteHeard: (nas: string, at: number) => void
  /** When it began anew last, also before a restart. */
  readonly anewOf?: (nas: string) => number | undefined
  readonly noteAnew?: (nas: string, at: number) => void
  /** Which client told of it first, where two may, also before a restart. */
  readonly firstOf?: (nas: string) => string | undefined
  readonly noteFirst?: (nas: string, teller: string) => void
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

/**
 * `foreign`: of an access server that this client does not speak for. `unidentified`: a session without Acct-Session-Id, and without a
 * user and an address to tell it apart by.
 */
export type RadiusResult =
  | 'heard'
  | 'status'
  | 'strange'
  | 'unsigned'
  | 'malformed'
  | 'foreign'
  | 'unidentified'
  | 'busy'

export type RadiusSensor = {
  readonly port: number
  /** Packets that told something, and those that were dropped, by why. */
  readonly counts: Readonly<Record<RadiusResult, number>>
  /** Whether an access server has said nothing for too long. */
  isSilent(lease: Pick<Lease, 'session' | 'subscriber'>): boolean
  /** What is dropped, and of whom. */
  worries(): Worry[]
  /** Whether its clock became another one that is not known yet. */
  hasOtherClock(lease: Pick<Lease, 'session'>): boolean
  /** The table of customers says otherwise now. */
  customersChanged(): void
  close(): Promise<void>
}

type AccountingPacket = {
  /** Asked for when the changes of all packets before it are known to the leases. */
  readonly changes: () => readonly LeaseChange[]
  readonly done: () => void
  readonly failed: () => void
}

/** Packets that wait for the disk; an access server sends again what is dropped. */
const MAX_WAITING = 20_000
const SWEEP = 60_000

export async function openRadius(
  settings: RadiusSettings,
  parts: RadiusParts,
): Promise<RadiusSensor> {
  const { standing, begunSince, within, around, subscriberOf, unknown } = parts
  const { anewOf, noteAnew, firstOf, noteFirst } = parts
  const { interim } = settings
  const sessions = new AccountingSessions({
    interim,
    subscriberOf,
    standing,
    begunSince,
    within,
    around,
    unknown,
    anewOf,
    noteAnew,
    firstOf,
    noteFirst,
    knownBy: settings.subscriber,
    ofTwo: ({ nas, session }) => refused.ofTwo(nas, session),
  })
  sessions.restore(parts.leases, parts.now(), parts.heardOf)
  const first = firstTellers(parts.leases, firstOf)
  const clients = radiusClients(settings.clients, settings.realm, first)
  const counts = none()
  const opened = parts.now()
  const refused = new RefusedAccounting(parts.now)
  const answers = new AnswersGiven()
  const { timed, isOther } = clocksOf(sessions, parts)
  const disk = writtenInTurns(parts)
  let isClosed = false

  const unsigned = (from: string) => {
    refused.wrongSecret(from)
    return void counts.unsigned++
  }
  const hear = (bytes: Uint8Array, peer: RemoteInfo, socket: Socket) => {
    const from = canonicalIp(peer.address) ?? ''
    const client = clients.get(from)
    if (client === undefined) {
      refused.unknownClient(from)
      return void counts.strange++
    }
    const { secret } = client
    const packet = parseRadius(bytes)
    if (packet?.code === CODES.statusServer) {
      if (!isStatusServer(bytes, packet, secret)) return unsigned(from)
      counts.status++
      // No answer while we cannot store what we are told: clients must not take us for alive then (RFC 5997 §4.2).
      if (settings.answer && !disk.isBehind())
        socket.send(answerTo(packet, secret), peer.port, peer.address)
      return undefined
    }
    if (packet?.code !== CODES.accountingRequest) return void counts.malformed++
    if (!isSigned(bytes, secret)) return unsigned(from)
    const key = `${from} ${peer.port} ${packet.id} ${Buffer.from(packet.authenticator).toString('latin1')}`
    const before = answers.get(key)
    if (before === 'waiting') return undefined
    if (before) return socket.send(before, peer.port, peer.address)
    if (disk.isFull()) return void counts.busy++
    answers.put(key, 'waiting')
    counts.heard++
    const done = () => {
      if (!settings.answer || isClosed) return
      const answer = answerTo(packet, secret)
      answers.put(key, answer)
      socket.send(answer, peer.port, peer.address, () => undefined)
    }
    const now = parts.now()
    const record = accountingRecord(packet, {
      from,
      subscriber: settings.subscriber,
      realmOf: nas => client.realmOf(nas),
    })
    const mine = record && tellingOf(record, { client, from, counts, refused })
    const news = mine && timed(mine, now)
    disk.wait(() => (news ? sessions.hear(news, now) : []), {
      done,
      // No answer where the write failed: the access server sends the record again, and that packet does not count as a copy.
      failed: () => answers.forget(key),
    })
    return undefined
  }
  const udp = await listenUdp(settings, {
    heard: hear,
    trouble: error => parts.trouble(error, 'RADIUS accounting'),
  })
  const note = () => {
    for (const [nas, at] of sessions.heard()) parts.noteHeard(nas, at)
  }
  const timer = setInterval(() => {
    note()
    const changes = sessions.sweep(parts.now())
    for (const { lease } of changes) refused.withoutUpdates(lease.session?.nas ?? '')
    if (changes.length > 0)
      parts.moveLeases(changes).catch(error => parts.trouble(error, 'RADIUS accounting'))
  }, SWEEP)
  timer.unref()
  return {
    port: udp.port,
    counts,
    isSilent: lease => sessions.isSilent(lease, parts.now()),
    worries: () => [
      ...refused.worries(),
      ...quiet(sessions, { interim, opened, now: parts.now() }),
    ],
    customersChanged: () => {
      const nothing = () => undefined
      disk.wait(() => sessions.customersChanged(parts.now()), { done: nothing, failed: nothing })
    },
    hasOtherClock: ({ session }) => session !== undefined && isOther(session),
    close: () => {
      clearInterval(timer)
      note()
      isClosed = true
      return udp.close()
    },
  }
}

/** What was told, in our time: by the clock of the access server that the client tells of. */
function clocksOf(sessions: AccountingSessions, { clocks }: Pick<RadiusParts, 'clocks'>) {
  /** Those that became other ones. */
  const others = new Set<string>()
  return {
    timed: (told: AccountingRecord & Pick<SessionNews, 'teller'>, now: number): SessionNews => {
      const name = sessions.clockOf(told, now)
      const clock = clocks.of('radius', name)
      const news = { ...told, ...timeOf(told, clock, now) }
      if (clock.isDoubtful) others.add(name)
      else others.delete(name)
      return news
    },
    isOther: (session: AccessSession): boolean =>
      others.size > 0 && sessions.clocksOf(session).some(name => others.has(name)),
  }
}

type Telling = {
  readonly client: RadiusClient
  readonly from: string
  readonly counts: Record<RadiusResult, number>
  readonly refused: RefusedAccounting
}

/** Undefined for a record that this client may not send, or whose session has no id. It is answered: it would only come again. */
function tellingOf(
  record: AccountingRecord,
  { client, from, counts, refused }: Telling,
): (AccountingRecord & Pick<SessionNews, 'teller'>) | undefined {
  const { nas, session, status } = record
  if (!client.speaksFor(nas)) {
    refused.foreign(nas, from)
    counts.foreign++
    return undefined
  }
  if (session === '' && !status.startsWith('nas-')) {
    counts.unidentified++
    return undefined
  }
  if (client.isSecondFor(nas)) refused.second(nas, from)
  const teller = client.tellerOf(nas)
  return teller === undefined ? record : { ...record, teller }
}

/** Packets that wait for what they told to be on disk. */
function writtenInTurns(parts: Pick<RadiusParts, 'moveLeases' | 'trouble'>) {
  let waiting = 0
  let told: AccountingPacket[] = []
  let behind = false
  /** What came in one turn of the loop is written together; each packet is compared with what those before it changed. */
  const write = () => {
    const all = told
    told = []
    parts
      .moveLeases(changesInTurn(all))
      .then(
        () => {
          behind = false
          for (const { done } of all) done()
        },
        error => {
          behind = true
          for (const { failed } of all) failed()
          parts.trouble(error, 'RADIUS accounting')
        },
      )
      .finally(() => (waiting -= all.length))
  }

  const wait = (
    changes: AccountingPacket['changes'],
    { done, failed }: Pick<AccountingPacket, 'done' | 'failed'>,
  ) => {
    // While a change is not on disk, a packet is not answered that may repeat it.
    if (waiting > 0 || behind) {
      if (told.push({ changes, done, failed }) === 1) setImmediate(write)
    } else {
      const first = changes()
      if (first.length === 0) return done()
      told.push({ changes: () => first, done, failed })
      setImmediate(write)
    }
    waiting++
    return undefined
  }
  return { wait, isFull: () => waiting >= MAX_WAITING, isBehind: () => behind }
}

function* changesInTurn(all: readonly AccountingPacket[]): Iterable<LeaseChange> {
  for (const { changes } of all) yield* changes()
}

const none = (): Record<RadiusResult, number> => ({
  heard: 0,
  status: 0,
  strange: 0,
  unsigned: 0,
  malformed: 0,
  foreign: 0,
  unidentified: 0,
  busy: 0,
})

/** RFC 2866 §4.2: Proxy-State comes back as it was, in the same order. */
const answerTo = (request: RadiusPacket, secret: string): Uint8Array =>
  signedAnswer(
    {
      code: CODES.accountingResponse,
      id: request.id,
      attributes: request.attributes.filter(({ type }) => type === ATTRIBUTES.proxyState),
    },
    request,
    secret,
  )
