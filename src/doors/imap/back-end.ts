// The IMAP server behind: a connection to it, with TLS where the configuration says so, and the login of a client that it is asked to check.
// Nothing is passed on from here; after the login the connection is the client's.

import { once } from 'node:events'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Client } from '../../model/step.ts'
import type { SaidElsewhere } from '../../ports/logins.ts'
import type { BackEndAddress } from './back-end-address.ts'
import { ByteSource } from './byte-source.ts'
import { capabilitiesIn } from './capabilities.ts'

export type BackEnd = {
  readonly socket: Socket
  readonly source: ByteSource
  readonly capabilities: readonly string[]
}

export type LoginAnswered = {
  readonly said: SaidElsewhere
  readonly backEnd?: BackEnd
  readonly words?: string
}

/** A server that answers later than this is out of order; Dovecot answers a wrong password after two seconds and more. In ms. */
const PATIENCE = 30_000
/** Bytes of one line of its answers. */
const MAX_LINE = 16 * 1024
const MAX_LINES = 100

/** Whether this is the password of that login; the connection, when it is. Never rejects. */
export async function logIn(
  { security, to }: BackEndAddress,
  given: { readonly login: string; readonly password: string; readonly client: Client },
  trouble: (error: unknown, about: string) => void,
): Promise<LoginAnswered> {
  let socket: Socket | undefined
  const opened = (one: Socket) => {
    socket = one
    one.on('error', () => one.destroy())
  }
  const late = setTimeout(() => socket?.destroy(), PATIENCE)
  try {
    const talk = await connected({ security, to }, opened)
    const asked = await talk.logIn(given)
    if (asked.said !== 'right') socket?.destroy()
    return asked
  } catch (error) {
    socket?.destroy()
    trouble(error, 'asking the IMAP server behind')
    return { said: 'undecided' }
  } finally {
    clearTimeout(late)
  }
}

async function connected(
  { security, to }: BackEndAddress,
  opened: (socket: Socket) => void,
): Promise<BackEndTalk> {
  const name = to.host === undefined || isIP(to.host) ? {} : { servername: to.host }
  const plain = (): Socket => connectPlain('path' in to ? { path: to.path } : to)
  const first =
    security === 'tls' && to.host !== undefined ? connectTls({ ...to, ...name }) : plain()
  opened(first)
  await once(first, security === 'tls' ? 'secureConnect' : 'connect')
  const talk = new BackEndTalk(first)
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
  return new BackEndTalk(secured)
}

/** Commands one after the other, each with its tagged answer. */
class BackEndTalk {
  readonly #socket: Socket
  readonly #source: ByteSource
  #capabilities: readonly string[] | undefined
  #tags = 0

  constructor(socket: Socket) {
    this.#socket = socket
    this.#source = new ByteSource(socket)
  }

  async greeting(): Promise<void> {
    const line = await this.#line()
    // One that is logged in already (PREAUTH) checks no password.
    if (!/^\* OK/i.test(line)) throw new Error(`the IMAP server behind greets with ${shown(line)}`)
  }

  async startTls(): Promise<void> {
    const said = await this.#command('STARTTLS')
    if (!said.startsWith('OK')) throw new Error(`it refuses STARTTLS: ${shown(said)}`)
    // What came in clear behind its answer could be written by an attacker on the way.
    if (this.#source.leave().length > 0) throw new Error('it says something before TLS begins')
  }

  async logIn(given: {
    readonly login: string
    readonly password: string
    readonly client: Client
  }): Promise<LoginAnswered> {
    await this.#command('CAPABILITY')
    const can = new Set((this.#capabilities ?? []).map(one => one.toUpperCase()))
    // Dovecot writes this into its log, if it trusts us (login_trusted_networks).
    const { address, port } = given.client
    if (can.has('ID'))
      await this.#command(`ID ("x-originating-ip" "${address}" "x-originating-port" "${port}")`)
    this.#capabilities = undefined
    const plain = Buffer.from(`\0${given.login}\0${given.password}`).toString('base64')
    const said = can.has('AUTH=PLAIN')
      ? await this.#command('AUTHENTICATE PLAIN', plain)
      : await this.#command(`LOGIN ${quoted(given.login)} ${quoted(given.password)}`)
    if (!said.startsWith('OK')) return { said: meaningOf(said), words: said }
    if (!this.#capabilities) await this.#command('CAPABILITY')
    const backEnd = {
      socket: this.#socket,
      source: this.#source,
      capabilities: this.#capabilities ?? ['IMAP4rev1'],
    }
    return { said: 'right', backEnd }
  }

  /** What stands behind the tag of its answer. `next` is said when the server asks for it. */
  async #command(command: string, next?: string): Promise<string> {
    const tag = `c${++this.#tags}`
    this.#socket.write(`${tag} ${command}\r\n`)
    for (let lines = 0; lines < MAX_LINES; lines++) {
      const line = await this.#line()
      this.#capabilities = capabilitiesIn(line) ?? this.#capabilities
      if (line.startsWith('+') && next !== undefined) this.#socket.write(`${next}\r\n`)
      if (line.startsWith(`${tag} `)) return line.slice(tag.length + 1).trimEnd()
    }
    throw new Error('it does not come to an end')
  }

  async #line(): Promise<string> {
    const line = await this.#source.line(MAX_LINE)
    if (line === undefined) throw new Error('it closed the connection, or took too long')
    return line
  }
}

/** RFC 5530: what a server says of itself is not about the password. */
const meaningOf = (said: string): SaidElsewhere =>
  /^NO \[(?:UNAVAILABLE|LIMIT|SERVERBUG|INUSE|CONTACTADMIN)\]/i.test(said) || !said.startsWith('NO')
    ? 'undecided'
    : 'wrong'

/** A line end or a NUL in it would begin another command. */
function quoted(text: string): string {
  if (/[^ -~]/.test(text)) throw new Error('it has no AUTH=PLAIN, and a quoted string is ASCII')
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
const shown = (line: string): string => JSON.stringify(line.slice(0, 100))
