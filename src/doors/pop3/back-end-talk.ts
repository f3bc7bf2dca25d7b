// The POP3 server behind, as far as the login of a client that it is asked to check.

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

/** Bytes of one line of its answers; RFC 2449 §4 has 512. */
const MAX_LINE = 4096
const MAX_LINES = 100

export const POP3: BackEndProtocol = {
  name: 'POP3',
  talkOver: (socket, before) =>
    new Pop3Talk(socket, before instanceof Pop3Talk && before.isTrusted),
}

/** Commands one after the other, each with its answer. */
class Pop3Talk implements BackEndTalk {
  readonly #socket: Socket
  readonly #source: ByteSource
  /** Dovecot says so to a proxy whose word it takes for the client's address (login_trusted_networks). */
  isTrusted: boolean

  constructor(socket: Socket, isTrusted: boolean) {
    this.#socket = socket
    this.#source = new ByteSource(socket)
    this.isTrusted = isTrusted
  }

  async greeting(): Promise<void> {
    const line = await this.#line()
    if (!line.startsWith('+OK'))
      throw new Error(`the POP3 server behind greets with ${shown(line)}`)
    this.isTrusted = line.startsWith('+OK [XCLIENT]')
  }

  async startTls(): Promise<void> {
    const said = await this.#command('STLS')
    if (!said.startsWith('+OK')) throw new Error(`it refuses STLS: ${shown(said)}`)
    // What came in clear behind its answer could be written by an attacker on the way.
    if (this.#source.leave().length > 0) throw new Error('it says something before TLS begins')
  }

  async logIn({ login, password, token, client }: LoginAsked): Promise<LoginAnswered> {
    if (this.isTrusted) await this.#command(`XCLIENT ADDR=${client.address} PORT=${client.port}`)
    const mechanisms = await this.#mechanisms()
    if (token) return this.#token(token, mechanisms)
    const said = mechanisms.has('PLAIN')
      ? await this.#plain(login, password)
      : await this.#userAndPass(login, password)
    return this.#answered(said)
  }

  async #token(
    { mechanism, response }: NonNullable<LoginAsked['token']>,
    mechanisms: ReadonlySet<string>,
  ): Promise<LoginAnswered> {
    if (!mechanisms.has(mechanism)) throw new Error(`it has no SASL ${mechanism}`)
    // RFC 5034 §4: not in the command, which may have 255 bytes.
    const asked = await this.#command(`AUTH ${mechanism}`)
    const said =
      asked.startsWith('+OK') || asked.startsWith('-') ? asked : await this.#command(response)
    const reason = reasonIn(said)
    const last = /^\+(?!OK)/.test(said) ? await this.#command(answerToReason(mechanism)) : said
    return { ...this.#answered(last), reason }
  }

  #answered(said: string): LoginAnswered {
    if (!said.startsWith('+OK')) return { said: meaningOf(said), words: printable(said) }
    const backEnd = { socket: this.#socket, source: this.#source, capabilities: [] }
    return { said: 'right', backEnd }
  }

  async #mechanisms(): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    if (!(await this.#command('CAPA')).startsWith('+OK')) return found
    for (let lines = 0; lines < MAX_LINES; lines++) {
      const line = await this.#line()
      if (line === '.') return found
      const [word = '', ...names] = line.toUpperCase().split(' ')
      if (word === 'SASL') for (const name of names) found.add(name)
    }
    throw new Error('it does not come to an end')
  }

  /** A name and a password of any letters. */
  async #plain(login: string, password: string): Promise<string> {
    const said = await this.#command('AUTH PLAIN')
    if (!said.startsWith('+ ') && said !== '+') return said
    return this.#command(Buffer.from(`\0${bytes(login)}\0${password}`, 'latin1').toString('base64'))
  }

  async #userAndPass(login: string, password: string): Promise<string> {
    const said = await this.#command(`USER ${bytes(login)}`)
    return said.startsWith('+OK') ? this.#command(`PASS ${password}`) : said
  }

  #command(command: string): Promise<string> {
    this.#socket.write(`${command}\r\n`, 'latin1')
    return this.#line()
  }

  async #line(): Promise<string> {
    const line = await this.#source.line(MAX_LINE)
    if (line === undefined) throw new Error('it closed the connection, or took too long')
    return line.replace(/\r?\n$/, '')
  }
}

/** One character a byte, as the password is. */
const bytes = (login: string): string => Buffer.from(login).toString('latin1')

/** RFC 2449 §8, RFC 3206: what a server says of itself, or of the mailbox, is not about the password. */
const meaningOf = (said: string) =>
  /^-ERR \[(?:IN-USE|LOGIN-DELAY|SYS\/)/i.test(said) || !said.startsWith('-ERR')
    ? 'undecided'
    : 'wrong'

const printable = (line: string): string => line.slice(0, MAX_WORDS).replaceAll(/[^ -~]/g, '?')
/** RFC 1939 §3, without the line end. */
const MAX_WORDS = 510
const shown = (line: string): string => JSON.stringify(line.slice(0, 100))
