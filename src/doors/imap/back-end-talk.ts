// The IMAP server behind, as far as the login of a client that it is asked to check.

import type { Socket } from 'node:net'
import type {
  BackEndProtocol,
  BackEndTalk,
  LoginAnswered,
  LoginAsked,
} from '../../gateway/back-end.ts'
import { ByteSource } from '../../gateway/byte-source.ts'
import { reasonIn } from '../../gateway/token-refused.ts'
import { answerToReason } from '../../mail/sasl/bearer.ts'
import type { SaidElsewhere } from '../../ports/logins.ts'
import { capabilitiesIn } from './capabilities.ts'

/** Bytes of one line of its answers. */
const MAX_LINE = 16 * 1024
const MAX_LINES = 100

export const IMAP: BackEndProtocol = { name: 'IMAP', talkOver: socket => new ImapTalk(socket) }

/** Commands one after the other, each with its tagged answer. */
class ImapTalk implements BackEndTalk {
  readonly #socket: Socket
  readonly #source: ByteSource
  #capabilities: readonly string[] | undefined
  #tags = 0
  #reason: string | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.#source = new ByteSource(socket)
  }

  async greeting(): Promise<void> {
    const line = await this.#line()
    // One that is logged in already (PREAUTH) checks no password.
    if (!/^\* OK/i.test(line)) throw new Error(`the IMAP server behind greets with ${shown(line)}`)
    this.#capabilities = capabilitiesIn(line)
  }

  async startTls(): Promise<void> {
    const said = await this.#command('STARTTLS')
    if (!said.startsWith('OK')) throw new Error(`it refuses STARTTLS: ${shown(said)}`)
    // What came in clear behind its answer could be written by an attacker on the way.
    if (this.#source.leave().length > 0) throw new Error('it says something before TLS begins')
  }

  async logIn(given: LoginAsked): Promise<LoginAnswered> {
    // Most servers say it in their greeting; behind STARTTLS this is another conversation, and it is asked.
    if (!this.#capabilities) await this.#command('CAPABILITY')
    const can = new Set((this.#capabilities ?? []).map(one => one.toUpperCase()))
    // Dovecot writes this into its log, if it trusts us (login_trusted_networks).
    const { address, port } = given.client
    if (can.has('ID'))
      await this.#command(`ID ("x-originating-ip" "${address}" "x-originating-port" "${port}")`)
    this.#capabilities = undefined
    const said = await this.#asked(given, can)
    if (!said.startsWith('OK'))
      return { said: meaningOf(said), words: said, ...(given.token && { reason: this.#reason }) }
    if (!this.#capabilities) await this.#command('CAPABILITY')
    const backEnd = {
      socket: this.#socket,
      source: this.#source,
      capabilities: this.#capabilities ?? ['IMAP4rev1'],
    }
    return { said: 'right', backEnd }
  }

  #asked({ login, password, token }: LoginAsked, can: ReadonlySet<string>): Promise<string> {
    if (token) {
      const { mechanism, response } = token
      if (!can.has(`AUTH=${mechanism}`)) throw new Error(`it has no AUTH=${mechanism}`)
      return this.#command(`AUTHENTICATE ${mechanism}`, response, answerToReason(mechanism))
    }
    const name = Buffer.from(login).toString('latin1')
    if (!can.has('AUTH=PLAIN')) return this.#command(...withStrings('LOGIN', [name, password]))
    const plain = Buffer.from(`\0${name}\0${password}`, 'latin1').toString('base64')
    return this.#command('AUTHENTICATE PLAIN', plain)
  }

  /** What stands behind the tag of its answer. Each of `next` is said when the server asks for it. One character a byte. */
  async #command(command: string, ...next: string[]): Promise<string> {
    const tag = `c${++this.#tags}`
    this.#socket.write(`${tag} ${command}\r\n`, 'latin1')
    for (let lines = 0; lines < MAX_LINES; lines++) {
      const line = await this.#line()
      this.#capabilities = capabilitiesIn(line) ?? this.#capabilities
      const more = line.startsWith('+') ? next.shift() : undefined
      if (line.startsWith('+')) this.#reason = reasonIn(line)
      if (more !== undefined) this.#socket.write(`${more}\r\n`, 'latin1')
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

/** The lines of a command: a quoted string is ASCII, anything else a literal that the server asks for. */
function withStrings(verb: string, strings: readonly string[]): [string, ...string[]] {
  const lines: [string, ...string[]] = [verb]
  for (const text of strings) {
    const isAscii = !/[^ -~]/.test(text)
    lines.push(
      `${lines.pop()} ${isAscii ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : `{${text.length}}`}`,
    )
    if (!isAscii) lines.push(text)
  }
  return lines
}

const shown = (line: string): string => JSON.stringify(line.slice(0, 100))
