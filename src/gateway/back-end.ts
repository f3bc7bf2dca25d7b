// The server behind a gateway: a connection to it, with TLS where the configuration says so, and the login of a client that it is asked to
// check. Nothing is passed on from here; after the login the connection is the client's.

import { once } from 'node:events'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Client } from '../model/step.ts'
import type { SaidElsewhere } from '../ports/logins.ts'
import { proxyHeader as proxyHeaderOf } from '../wire/proxy-header.ts'
import type { BackEndPlace } from './back-end-address.ts'
import type { ByteSource } from './byte-source.ts'
import type { Claim } from './claim.ts'

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
  /** Of a token: why it is refused, in base64, which the client hears first. */
  readonly reason?: string | undefined
}

/** The password is as the client said it, one character a byte. */
export type LoginAsked = Claim & { readonly client: Client }

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
  { address, protocol }: { readonly address: BackEndPlace; readonly protocol: BackEndProtocol },
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
    const talk = await connected(address, protocol, { client: given.client, opened })
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
  place: BackEndPlace,
  { talkOver }: BackEndProtocol,
  { client, opened }: { readonly client: Client; readonly opened: (socket: Socket) => void },
): Promise<BackEndTalk> {
  const { security, to, proxyHeader } = place
  const plain = connectPlain('path' in to ? { path: to.path } : to)
  opened(plain)
  await once(plain, 'connect')
  if (proxyHeader) plain.write(headerOf(client, plain))
  const first = security === 'tls' ? await secured(plain, to, opened) : plain
  const talk = talkOver(first)
  await talk.greeting()
  if (security !== 'starttls') return talk
  await talk.startTls()
  return talkOver(await secured(first, to, opened), talk)
}

async function secured(
  socket: Socket,
  { host }: BackEndPlace['to'],
  opened: (socket: Socket) => void,
): Promise<Socket> {
  const name = host === undefined || isIP(host) ? {} : { servername: host }
  const over = connectTls({ socket, ...name, ...(host === undefined ? {} : { host }) })
  opened(over)
  await once(over, 'secureConnect')
  return over
}

/** To a socket of the file system, which has no address, the client came to this machine. */
function headerOf({ address, port }: Client, { remoteAddress, remotePort }: Socket): Buffer {
  const to = { address: remoteAddress ?? '127.0.0.1', port: remotePort ?? 0 }
  return proxyHeaderOf({ address, port }, to)
}
