// The client's side of a connection through a gateway, whatever the protocol: TLS, the login, the words for it, and its end, which comes
// within a second where the login is stopped.

import type { Socket } from 'node:net'
import type { BackEndPlace } from './back-end-address.ts'
import type { BackEnd, BackEndProtocol } from './back-end.ts'
import { ByteSource } from './byte-source.ts'
import type { Claim } from './claim.ts'
import { type Entered, enter } from './enter.ts'
import type { GatewayParts } from './gateway.ts'
import { LoginThatSends } from './login-that-sends.ts'
import { secured } from './secured.ts'

export type ClientConnectionGiven = GatewayParts & {
  readonly implicitTls: boolean
  readonly backEnd: BackEndPlace
}

/** What differs between the protocols. Words are whole lines, without their CRLF. */
export type Spoken = {
  readonly name: 'IMAP' | 'POP3'
  readonly behind: BackEndProtocol
  readonly greeting: (isSecure: boolean) => string
  /** The last words where the login was stopped. */
  readonly stopped: string
}

/** How the conversation before the login ended. */
export type LoginEnded = 'logged-in' | 'start-tls' | 'over'

/** The client that logged in, and the server behind, which knows it too. */
export type LoggedIn = { readonly backEnd: BackEnd; readonly sender: LoginThatSends }

/** Dovecot's: so long a client may take to log in. In ms, as all of these. */
const TO_LOG_IN = 3 * 60_000
/** After our last word. */
const LINGER = 5000
/** What a client asked before it closed its side. */
const TO_ANSWER_LAST = 10_000
/** A stopped login is gone within a second: so long what is under way may take, and then its answer. */
const TO_FINISH = 600
const TO_ANSWER = 900

export class ClientConnection {
  readonly #given: ClientConnectionGiven
  readonly #spoken: Spoken
  readonly #session: string
  readonly #leaves: (() => void)[] = []
  #socket: Socket
  #isSecure = false
  #loggedIn: LoggedIn | undefined
  #lastWords: string | undefined
  /** A message is being taken: the client is to hear what became of it. */
  isBusy = false
  /** Whether a line of ours would stand between two answers, not in the midst of one. */
  hasPlaceForWords: () => boolean = () => true
  /** What is under way is to end soon. */
  hurry: () => void = () => {}

  constructor(socket: Socket, given: ClientConnectionGiven, spoken: Spoken) {
    this.#socket = socket
    this.#given = given
    this.#spoken = spoken
    this.#session = given.parts.newSessionId()
  }

  get socket(): Socket {
    return this.#socket
  }

  get isSecure(): boolean {
    return this.#isSecure
  }

  /** It ends, or has ended: nothing more is taken. */
  get isEnding(): boolean {
    return this.#lastWords !== undefined || this.#socket.destroyed || this.#socket.writableEnded
  }

  onClose(call: () => void): void {
    this.#socket.once('close', call)
  }

  /** Never rejects. `untilLogin` is called anew behind STARTTLS; `joined` lasts as long as the session. */
  async run(
    untilLogin: (source: ByteSource) => Promise<LoginEnded>,
    joined: (source: ByteSource, loggedIn: LoggedIn) => Promise<void>,
  ): Promise<void> {
    try {
      const late = setTimeout(() => this.destroy(), TO_LOG_IN)
      const source = await this.#loggedInOn(untilLogin).finally(() => clearTimeout(late))
      if (source && this.#loggedIn) await joined(source, this.#loggedIn)
    } catch (error) {
      this.#given.parts.trouble(error, `${this.#spoken.name} session`)
    } finally {
      for (const leave of this.#leaves) leave()
      this.end()
    }
  }

  /** Asks the server behind; once it says yes, the login is one of our sessions until this connection ends. */
  async enter(said: Claim): Promise<Entered> {
    const { client, backEnd, parts, shared } = this.#given
    const { name, behind } = this.#spoken
    const session = this.#session
    const entered = await enter(
      {
        client,
        parts,
        shared,
        session,
        behind: { address: backEnd, protocol: behind },
        isGone: () => this.#socket.destroyed,
        cut: () => this.#cut(),
      },
      said,
    )
    if (entered.how !== 'in') return entered
    this.#leaves.push(entered.leave)
    const sender = { login: entered.login, session, client, through: name }
    this.#loggedIn = {
      backEnd: entered.backEnd,
      sender: new LoginThatSends(this.#given, sender),
    }
    return entered
  }

  /**
   * Its goodbye is passed on by `bye`, which resolves when it is answered. Whether the client has heard all that was said: it then ends the
   * connection itself, in order. One that breaks, or whose program ends with our words unread, is reset instead.
   */
  async hearsGoodbye(source: ByteSource, bye: () => Promise<unknown>): Promise<boolean> {
    const { socket } = this
    let isEarly = false
    const rest = source.some(1).then(more => {
      isEarly = true
      return more
    })
    await bye()
    if (isEarly) return false
    return (await rest) === undefined && socket.readableEnded && socket.errored === null
  }

  /** The client closed its side: what it asked before is answered, unless it has gone. */
  async answerLast(quiet: () => Promise<unknown>): Promise<void> {
    if (!this.#socket.readableEnded || this.isEnding) return
    let late: NodeJS.Timeout | undefined
    const gone = new Promise<void>(resolve => {
      late = setTimeout(resolve, TO_ANSWER_LAST)
      this.onClose(resolve)
    })
    await Promise.race([quiet(), gone])
    clearTimeout(late)
  }

  /** A line, or more of them with their CRLF between. */
  say(line: string): void {
    if (!this.#socket.destroyed && !this.#socket.writableEnded)
      this.#socket.write(`${line}\r\n`, 'latin1')
  }

  /** Ends it with these words, but not while a message is being taken. */
  endWith(words: string): void {
    this.#lastWords ??= words
    if (!this.isBusy) this.end()
  }

  end(): void {
    if (this.#lastWords !== undefined && this.hasPlaceForWords()) this.say(this.#lastWords)
    this.#loggedIn?.backEnd.socket.destroy()
    if (this.#socket.destroyed || this.#socket.writableEnded) return
    this.#socket.end()
    const late = setTimeout(() => this.#socket.destroy(), LINGER)
    this.#socket.once('close', () => clearTimeout(late))
  }

  destroy(): void {
    this.#socket.destroy()
    this.#loggedIn?.backEnd.socket.destroy()
  }

  /** Within a second, whatever is under way. */
  #cut(): void {
    this.endWith(this.#spoken.stopped)
    if (this.#socket.destroyed || !this.isBusy) return
    const hurry = setTimeout(() => this.hurry(), TO_FINISH)
    const late = setTimeout(() => this.end(), TO_ANSWER)
    this.onClose(() => {
      clearTimeout(hurry)
      clearTimeout(late)
    })
  }

  async #loggedInOn(
    untilLogin: (source: ByteSource) => Promise<LoginEnded>,
  ): Promise<ByteSource | undefined> {
    if (this.#given.implicitTls && !(await this.#secure())) return undefined
    this.say(this.#spoken.greeting(this.#isSecure))
    for (;;) {
      const source = new ByteSource(this.#socket)
      const ended = await untilLogin(source)
      if (ended === 'over') return undefined
      if (ended === 'logged-in') return source
      // RFC 3501 §6.2.1, RFC 2595 §4: what came in clear behind it is of no account, and no client of good will sends it.
      if (source.leave().length > 0 || !(await this.#secure())) return undefined
    }
  }

  async #secure(): Promise<boolean> {
    const socket = await secured(this.#socket, this.#given.parts.identity)
    if (socket) this.#socket = socket
    this.#isSecure = socket !== undefined
    // A client that closes its side behind its commands still gets its answers.
    if (socket) socket.allowHalfOpen = true
    return this.#isSecure
  }
}
