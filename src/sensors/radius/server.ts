// RADIUS accounting over UDP (RFC 2866): access servers tell who has which address. An answer is sent only when what was told is on
// disk, so that nothing told is lost; a server that gets none tells it again. Packets that are not signed with the secret of the
// address they come from are counted and dropped.

import type { RemoteInfo, Socket } from 'node:dgram'
import type { Lease, LeaseChange } from '../../model/lease.ts'
import { canonicalIp } from '../../model/ip.ts'
import type { MoveLeases } from '../../ports/leases.ts'
import {
  ATTRIBUTES,
  CODES,
  isSigned,
  parseRadius,
  type RadiusPacket,
  signedAnswer,
} from '../../wire/radius.ts'
import { listenUdp } from '../../wire/udp-listener.ts'
import { accountingRecord, type SubscriberAttribute } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'

export type RadiusSettings = {
  readonly address: string
  readonly port: number
  /** Access servers and their secrets. */
  readonly clients: readonly { readonly address: string; readonly secret: string }[]
  /** Off: somebody else answers, and we get a copy. */
  readonly answer: boolean
  readonly realm: string
  readonly subscriber: SubscriberAttribute
  readonly interim: number
}

export type RadiusParts = {
  readonly moveLeases: MoveLeases
  /** Leases that were open before. */
  readonly leases: Iterable<Lease>
  readonly subscriberOf: (name: string) => string | undefined
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export type RadiusSensor = {
  readonly port: number
  /** Packets that told something, and those that were dropped, by why. */
  readonly counts: Readonly<Record<'heard' | 'strange' | 'unsigned' | 'malformed' | 'busy', number>>
  /** Whether nobody has heard of an access server for too long. */
  isSilent(nas: string): boolean
  close(): Promise<void>
}

type AccountingPacket = {
  readonly changes: readonly LeaseChange[]
  readonly done: () => void
  readonly failed: () => void
}

/** Answers are kept for packets that come again: an access server waits some seconds, and then asks anew. */
const ANSWERS = 50_000
/** Packets that wait for the disk; an access server sends again what is dropped. */
const MAX_WAITING = 20_000
const SWEEP = 60_000

export async function openRadius(
  settings: RadiusSettings,
  parts: RadiusParts,
): Promise<RadiusSensor> {
  const { realm, interim } = settings
  const sessions = new AccountingSessions({ realm, interim, subscriberOf: parts.subscriberOf })
  sessions.restore(parts.leases, parts.now())
  const secrets = new Map(
    settings.clients.map(({ address, secret }) => [canonicalIp(address) ?? address, secret]),
  )
  const counts = { heard: 0, strange: 0, unsigned: 0, malformed: 0, busy: 0 }
  /** Undefined while it waits for the disk. Two generations: when the younger is full, the older is forgotten. */
  let answers = new Map<string, Uint8Array | undefined>()
  let answersBefore: typeof answers = new Map()
  let waiting = 0
  let told: AccountingPacket[] = []
  let behind = false

  const remember = (key: string, answer: Uint8Array | undefined) => {
    if (answers.size >= ANSWERS) [answersBefore, answers] = [answers, new Map()]
    answers.set(key, answer)
  }
  const hear = (bytes: Uint8Array, peer: RemoteInfo, socket: Socket) => {
    const from = canonicalIp(peer.address) ?? ''
    const secret = secrets.get(from)
    if (secret === undefined) return void counts.strange++
    const packet = parseRadius(bytes)
    if (packet?.code !== CODES.accountingRequest) return void counts.malformed++
    if (!isSigned(bytes, secret)) return void counts.unsigned++
    const key = `${from} ${peer.port} ${packet.id} ${Buffer.from(packet.authenticator).toString('latin1')}`
    const known = answers.has(key) || answersBefore.has(key)
    const before = answers.get(key) ?? answersBefore.get(key)
    if (before) return socket.send(before, peer.port, peer.address)
    if (known) return undefined
    if (waiting >= MAX_WAITING) return void counts.busy++
    remember(key, undefined)
    counts.heard++
    const done = () => {
      if (!settings.answer) return
      const answer = answerTo(packet, secret)
      remember(key, answer)
      socket.send(answer, peer.port, peer.address, () => undefined)
    }
    const now = parts.now()
    const record = accountingRecord(packet, { from, subscriber: settings.subscriber, now })
    const changes = record ? sessions.hear(record, now) : []
    // While something told before is not on disk, nothing is answered that may have been told before.
    if (changes.length === 0 && !behind) return done()
    waiting++
    // No answer where it failed: it is told again, and then it is no copy of this one.
    if (told.push({ changes, done, failed: () => void answers.delete(key) }) === 1)
      setImmediate(write)
    return undefined
  }
  /** What came in one turn of the loop is written together. */
  const write = () => {
    const all = told
    told = []
    parts
      .moveLeases(all.flatMap(({ changes }) => changes))
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

  const udp = await listenUdp(settings, {
    heard: hear,
    trouble: error => parts.trouble(error, 'RADIUS accounting'),
  })
  const timer = setInterval(() => {
    const changes = sessions.sweep(parts.now())
    if (changes.length > 0)
      parts.moveLeases(changes).catch(error => parts.trouble(error, 'RADIUS accounting'))
  }, SWEEP)
  timer.unref()
  return {
    port: udp.port,
    counts,
    isSilent: nas => sessions.isSilent(nas, parts.now()),
    close: () => {
      clearInterval(timer)
      return udp.close()
    },
  }
}

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
