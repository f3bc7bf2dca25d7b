// One connection of a mail program: a conversation until the login, then two sockets joined, with an ear for XTND XMIT.

import type { Socket } from 'node:net'
import type { BackEnd } from '../../gateway/back-end.ts'
import type { BackEndAddress } from '../../gateway/back-end-address.ts'
import { ByteSource } from '../../gateway/byte-source.ts'
import { enter } from '../../gateway/enter.ts'
import type { GatewayParts } from '../../gateway/gateway.ts'
import { LoginThatSends } from '../../gateway/login-that-sends.ts'
import { secured } from '../../gateway/secured.ts'
import type { Offered } from '../../mail/sasl/plain.ts'
import { BackEndSide } from './back-end-side.ts'
import { POP3 } from './back-end-talk.ts'
import { untilLogin } from './before-login.ts'
import { offered } from './capabilities.ts'
import { answeredIn, type CommandLine, commandLine } from './command-line.ts'
import { takeMessage } from './take-message.ts'

export type Pop3ConnectionGiven = GatewayParts & {
  readonly implicitTls: boolean
  readonly backEnd: BackEndAddress
  /** `pop3.sends`, true by default. */
  readonly sends: boolean
}

/** RFC 1939 §3: at least ten minutes. In ms. */
const IDLE = 11 * 60_000
/** Dovecot's: so long a client may take to log in. */
const TO_LOG_IN = 3 * 60_000
/** After our last word. */
const LINGER = 5000
/** A stopped login is gone within a second, also while its message is being taken. */
const TO_ANSWER = 900
/** RFC 2449 §4 has 255 bytes. */
const MAX_LINE = 1024

export class Pop3Connection {
  readonly #given: Pop3ConnectionGiven
  readonly #session: string
  #socket: Socket
  #backEnd: BackEnd | undefined
  #side: BackEndSide | undefined
  #sender: LoginThatSends | undefined
  #isSecure = false
  /** A message is being taken: the client is to hear what became of it. */
  #isBusy = false
  #lastWords: string | undefined
  readonly #leaves: (() => void)[] = []

  constructor(socket: Socket, given: Pop3ConnectionGiven) {
    this.#socket = socket
    this.#given = given
    this.#session = given.parts.newSessionId()
  }

  onClose(call: () => void): void {
    this.#socket.once('close', call)
  }

  /** Never rejects. */
  async run(): Promise<void> {
    try {
      const late = setTimeout(() => this.destroy(), TO_LOG_IN)
      const source = await this.#untilLogin().finally(() => clearTimeout(late))
      if (!source) return
      await this.#joined(source)
    } catch (error) {
      this.#given.parts.trouble(error, 'POP3 session')
    } finally {
      for (const leave of this.#leaves) leave()
      this.#end()
    }
  }

  shutdown(): void {
    this.#endWith('-ERR [SYS/TEMP] Server shutting down')
  }

  destroy(): void {
    this.#socket.destroy()
    this.#backEnd?.socket.destroy()
  }

  /** Not while a message is being taken. */
  #endWith(words: string): void {
    this.#lastWords ??= words
    if (!this.#isBusy) this.#end()
  }

  /** Within a second, whatever is under way. */
  #cut(): void {
    this.#endWith(STOPPED)
    if (this.#socket.destroyed || !this.#isBusy) return
    const late = setTimeout(() => this.#end(), TO_ANSWER)
    this.onClose(() => clearTimeout(late))
  }

  async #untilLogin(): Promise<ByteSource | undefined> {
    if (this.#given.implicitTls && !(await this.#secure())) return undefined
    this.#say(`+OK ${this.#given.parts.settings().ourName} ready`)
    for (;;) {
      const source = new ByteSource(this.#socket)
      const ended = await untilLogin({
        source,
        say: line => this.#say(line),
        isSecure: this.#isSecure,
        sends: this.#given.sends,
        check: said => this.#check(said),
      })
      if (ended === 'over') return undefined
      if (ended === 'logged-in') return source
      // RFC 2595 §4: what came in clear behind STLS is of no account, and no client of good will sends it.
      if (source.leave().length > 0 || !(await this.#secure())) return undefined
    }
  }

  async #check(said: Offered): Promise<string | undefined> {
    const { client, backEnd, parts, shared } = this.#given
    const session = this.#session
    const behind = { address: backEnd, protocol: POP3 }
    const isGone = () => this.#socket.destroyed
    const cut = () => this.#cut()
    const entered = await enter({ client, parts, shared, session, behind, isGone, cut }, said)
    if (entered.how !== 'in') return entered.words ?? REFUSED[entered.how]
    this.#leaves.push(entered.leave)
    const sender = { login: entered.login, session, client, through: 'POP3' as const }
    this.#sender = new LoginThatSends(this.#given, sender)
    this.#backEnd = entered.backEnd
    return undefined
  }

  async #joined(source: ByteSource): Promise<void> {
    const backEnd = this.#backEnd
    const sender = this.#sender
    if (!backEnd || !sender) return
    this.#socket.setTimeout(IDLE, () => this.#endWith('-ERR Disconnected for inactivity'))
    const { sends } = this.#given
    const edited = (lines: readonly string[]) => offered(lines, { sends })
    const side = new BackEndSide({ backEnd, client: this.#socket, edited })
    this.#side = side
    side.onEnd(() => this.#end())
    while (!this.#socket.destroyed && this.#lastWords === undefined) {
      // What came before our answer tells nothing of it.
      const isAfter = source.isDry
      const line = await source.line(MAX_LINE)
      if (line === undefined) return
      if (isAfter) sender.heard()
      if (!(await this.#take(commandLine(line), { source, side, sender }))) return
    }
  }

  /** False when the conversation cannot go on. */
  async #take(
    command: CommandLine | undefined,
    {
      source,
      side,
      sender,
    }: {
      readonly source: ByteSource
      readonly side: BackEndSide
      readonly sender: LoginThatSends
    },
  ): Promise<boolean> {
    const answer = command && answeredIn(command)
    if (command && answer !== undefined) {
      const { verb, rest } = command
      return side.forward(`${verb}${rest === '' ? '' : ` ${rest}`}\r\n`, answer)
    }
    if (!(await side.quiet())) return false
    const isMessage = command?.verb === 'XTND' && /^XMIT *$/i.test(command.rest)
    if (!isMessage || !this.#given.sends) {
      this.#say('-ERR Command unknown, or not possible here')
      return true
    }
    const { parts } = this.#given
    try {
      return await takeMessage({
        source,
        say: line => this.#say(line),
        maxSize: parts.settings().maxSize,
        sender,
        begins: () => this.#begins(),
        trouble: parts.trouble,
      })
    } finally {
      this.#isBusy = false
    }
  }

  #begins(): boolean {
    if (this.#lastWords !== undefined || this.#socket.destroyed || this.#socket.writableEnded)
      return false
    this.#isBusy = true
    return true
  }

  #say(line: string): void {
    if (!this.#socket.destroyed && !this.#socket.writableEnded)
      this.#socket.write(`${line}\r\n`, 'latin1')
  }

  #end(): void {
    // Where an answer is awaited there is no place for words.
    if (this.#lastWords !== undefined && (this.#side?.isQuiet ?? true)) this.#say(this.#lastWords)
    this.#backEnd?.socket.destroy()
    if (this.#socket.destroyed || this.#socket.writableEnded) return
    this.#socket.end()
    const late = setTimeout(() => this.#socket.destroy(), LINGER)
    this.#socket.once('close', () => clearTimeout(late))
  }

  async #secure(): Promise<boolean> {
    const socket = await secured(this.#socket, this.#given.parts.identity)
    if (socket) this.#socket = socket
    this.#isSecure = socket !== undefined
    return this.#isSecure
  }
}

const REFUSED = {
  wrong: '-ERR [AUTH] The name or the password is not right',
  'not-now':
    '-ERR [SYS/TEMP] Not now: too many wrong passwords, or the server is busy; try again later',
  'too-many': '-ERR [SYS/TEMP] Too many connections of this login; close some',
}
const STOPPED =
  '-ERR [SYS/TEMP] Sending with this login was stopped, and its connections end; log in again to read mail'
