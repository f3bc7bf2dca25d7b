// An access server that tells of its sessions by RADIUS accounting, as they do: with a clock of its own, again until it is answered, now and
// then twice, late, in another order, or not at all.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { SECOND } from '../../src/model/duration.ts'
import {
  ATTRIBUTES,
  type Attribute,
  CODES,
  numberAttribute,
  signedRequest,
  textAttribute,
} from '../../src/wire/radius.ts'

export const SECRET = 'testing123'
const STATUS = { start: 1, stop: 2, interim: 3, on: 7 } as const

export type Status = keyof typeof STATUS
export type AccountedSession = {
  readonly id: string
  readonly user: string
  /** What it has: IPv4 addresses, and IPv6 prefixes of 56 bits. */
  addresses: readonly string[]
}

/** How it is told. */
export type Way = {
  /** Never arrives. */
  readonly lost?: boolean
  /** Arrives so much later (ms). */
  readonly delay?: number
  /** A copy arrives so much after the answer (ms). */
  readonly copy?: number
  /** It was in a spool so long (ms). */
  readonly age?: number
  /** It is given up after so many attempts. */
  readonly attempts?: number
}

export type AccessServerSettings = {
  readonly name: string
  /** It says that it is this one, and not its name: others may say so, too. */
  readonly says?: string
  /** The address it sends from. */
  readonly from: string
  /** How far its clock is behind ours (ms); undefined: it puts no stamps on what it tells, and says for how long it has tried. */
  readonly behind: number | undefined
  readonly port: number
}

/** Who hears three things of it over so long knows its clock (docs/network.md; ms). */
const APART = 10 * SECOND
const AGREE = 3
const MUCH_LATER = 4 * SECOND

/** So long an answer is waited for (ms). */
const PATIENCE = 400

export class AccessServer {
  readonly settings: AccessServerSettings
  readonly #socket: Socket
  readonly #answered = new Map<number, () => void>()
  /** What it told that arrived at once, since Cordon was started: it arrived between both times. */
  #arrived: { readonly sent: number; readonly answered: number }[] = []
  #id = Math.floor(Math.random() * 256)

  private constructor(settings: AccessServerSettings, socket: Socket) {
    this.settings = settings
    this.#socket = socket
    socket.on('message', answer => this.#answered.get(answer[1] as number)?.())
    // Nobody listens while Cordon is down.
    socket.on('error', () => undefined)
  }

  static async open(settings: AccessServerSettings): Promise<AccessServer> {
    const socket = createSocket('udp4')
    await once(socket.bind(0, settings.from), 'listening')
    return new AccessServer(settings, socket)
  }

  close(): void {
    this.#socket.close()
  }

  /** Cordon is started anew, and has heard nothing. */
  forget(): void {
    this.#arrived = []
  }

  /** Its clock is known, or it has none. */
  get isKnown(): boolean {
    if (this.settings.behind === undefined) return true
    const [first] = this.#arrived
    const last = this.#arrived.at(-1)
    return (
      first !== undefined &&
      this.#arrived.length > AGREE &&
      (last?.sent ?? 0) - first.answered > APART
    )
  }

  /** Resolves when it is over; with true when it was answered. What is told is of now, whenever it arrives. */
  async tell(
    status: Status,
    session: AccountedSession | undefined,
    way: Way = {},
  ): Promise<boolean> {
    const at = Date.now() - (way.age ?? 0)
    const told = attributesOf(status, session, this.settings)
    if (way.lost === true) return false
    if (way.delay !== undefined) await pause(way.delay)
    const { attempts = 50 } = way
    let packet = this.#packet(told, at)
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (attempt > 0 && this.settings.behind === undefined) packet = this.#packet(told, at)
      if (!(await this.#sent(packet))) continue
      if (way.age !== undefined) return true
      const after = Date.now() - at
      // What is so late may be late, or its clock may be wrong.
      if (after > MUCH_LATER) this.#arrived = []
      else if (after < PATIENCE) this.#arrived.push({ sent: at, answered: Date.now() })
      if (way.copy === undefined) return true
      await pause(way.copy)
      await this.#sent(packet)
      return true
    }
    return false
  }

  #packet(told: readonly Attribute[], at: number): Uint8Array {
    const { behind } = this.settings
    do this.#id = (this.#id + 1) % 256
    while (this.#answered.has(this.#id))
    const [type, value] =
      behind === undefined
        ? [ATTRIBUTES.acctDelay, (Date.now() - at) / SECOND]
        : [ATTRIBUTES.eventTimestamp, (at - behind) / SECOND]
    const attributes = [...told, numberAttribute(type, Math.floor(value))]
    return signedRequest({ code: CODES.accountingRequest, id: this.#id, attributes }, SECRET)
  }

  /** Resolves with whether it was answered. */
  async #sent(packet: Uint8Array): Promise<boolean> {
    const id = packet[1] as number
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const late = setTimeout(() => resolve(false), PATIENCE)
    this.#answered.set(id, () => resolve(true))
    this.#socket.send(packet, this.settings.port, '127.0.0.1')
    const answered = await promise
    clearTimeout(late)
    this.#answered.delete(id)
    return answered
  }
}

export function attributesOf(
  status: Status,
  session: AccountedSession | undefined,
  { name, says }: Pick<AccessServerSettings, 'name' | 'says'>,
): Attribute[] {
  const who = session && [
    textAttribute(ATTRIBUTES.acctSession, session.id),
    textAttribute(ATTRIBUTES.userName, session.user),
    ...session.addresses.map(attributeOf),
  ]
  return [
    numberAttribute(ATTRIBUTES.acctStatus, STATUS[status]),
    says === undefined
      ? textAttribute(ATTRIBUTES.nasIdentifier, name)
      : { type: ATTRIBUTES.nasAddress, value: Uint8Array.from(says.split('.').map(Number)) },
    ...(who ?? []),
  ]
}

function attributeOf(address: string): Attribute {
  if (!address.includes(':'))
    return {
      type: ATTRIBUTES.framedAddress,
      value: Uint8Array.from(address.split('.').map(Number)),
    }
  const [prefix = '', bits = '56'] = address.split('/')
  const value = new Uint8Array(18)
  value[1] = Number(bits)
  for (const [i, part] of prefix.replace('::', '').split(':').entries())
    new DataView(value.buffer).setUint16(2 + 2 * i, Number.parseInt(part, 16))
  return { type: ATTRIBUTES.delegatedPrefix6, value }
}
