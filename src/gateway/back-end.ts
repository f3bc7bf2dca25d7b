// The server behind a gateway: a connection to it, with TLS where the configuration says so, and the login of a client that it is asked to
// check. Nothing is passed on from here; after the login the connection is the client's.

import { once } from 'node:events'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Client } from '../model/step.ts'
import type { SaidElsewhere } from '../ports/logins.ts'
import type { BackEndAddress } from './back-end-address.ts'
import type { ByteSource } from './byte-source.ts'

export type BackEnd = {
  readonly socket: Socket
  readonly source: ByteSource
  readonly capabilities: readonly string[]
}

export type LoginAnswered = {
  readonly said: SaidElsewhere
  readonly backEnd?: BackEnd
  /** What it said, for the client. */
  readonly words?: string
}

export type LoginAsked = {
  readonly login: string
  /** As the client said it, one character a byte. */
  readonly password: string
  readonly client: Client
}

/** One protocol, as far as a login. Each throws when the server says what it should not. */
export type BackEndTalk = {
  greeting(): Promise<void>
  startTls(): Promise<void>
  logIn(given: LoginAsked): Promise<LoginAnswered>
}

export type BackEndProtocol = {
  /** For the log. */
  readonly name: string
  /** `before`: the conversation before TLS began. */
  readonly talkOver: (socket: Socket, before?: BackEndTalk) => BackEndTalk
}

/** A server that answers later than this is out of order; Dovecot answers a wrong password after two seconds and more. In ms. */
const PATIENCE = 30_000

/** Whether this is the password of that login; the connection, when it is. Never rejects. */
export async function logIn(
  { address, protocol }: { readonly address: BackEndAddress; readonly protocol: BackEndProtocol },
  given: LoginAsked,
  trouble: (error: unknown, about: string) => void,
): Promise<LoginAnswered> {
  let socket: Socket | undefined
  const opened = (one: Socket) => {
    socket = one
    one.on('error', () => one.destroy())
  }
  const late = setTimeout(() => socket?.destroy(), PATIENCE)
  try {
    const talk = await connected(address, protocol, opened)
    const asked = await talk.logIn(given)
    if (asked.said !== 'right') socket?.destroy()
    return asked
  } catch (error) {
    socket?.destroy()
    trouble(error, `asking the ${protocol.name} server behind`)
    return { said: 'undecided' }
  } finally {
    clearTimeout(late)
  }
}

async function connected(
  { security, to }: BackEndAddress,
  { talkOver }: BackEndProtocol,
  opened: (socket: Socket) => void,
): Promise<BackEndTalk> {
  const name = to.host === undefined || isIP(to.host) ? {} : { servername: to.host }
  const plain = (): Socket => connectPlain('path' in to ? { path: to.path } : to)
  const first =
    security === 'tls' && to.host !== undefined ? connectTls({ ...to, ...name }) : plain()
  opened(first)
  await once(first, security === 'tls' ? 'secureConnect' : 'connect')
  const talk = talkOver(first)
  await talk.greeting()
  if (security !== 'starttls') return talk
  await talk.startTls()
  const secured = connectTls({
    socket: first,
    ...name,
    ...(to.host === undefined ? {} : { host: to.host }),
  })
  opened(secured)
  await once(secured, 'secureConnect')
  return talkOver(secured, talk)
}
