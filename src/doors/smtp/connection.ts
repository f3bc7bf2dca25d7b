// One connection: a socket, a decoder and a session. What the session asks is answered in answers.ts; the message on its way in is in
// message-in.ts.

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { sourceOf } from '../../model/ip.ts'
import type { Client } from '../../model/step.ts'
import type { Turn } from '../../ports/credentials.ts'
import { endUntaken, readOn, UNTAKEN } from '../../wire/read-on.ts'
import { Answers } from './answers.ts'
import { tellCutOff, tellUntaken } from './bad-clients.ts'
import { SmtpDecoder, type Token } from './codec.ts'
import { Cork } from './cork.ts'
import { MessageIn } from './message-in.ts'
import { RequestDeadline } from './request-deadline.ts'
import { step } from './session.ts'
import type { SmtpParts } from './smtp-parts.ts'
import { INITIAL, type Input, type Reaction, type Setup, type State } from './state.ts'

export type ConnectionParts = {
  readonly client: Client
  readonly setup: Setup
  readonly parts: SmtpParts
  readonly implicitTls: boolean
}

/** After our last word, whatever the client still says or does not read. */
const LINGER = 5000
/** Read-ahead of a client that pipelines while we think, before the 64 KiB that a read brings at most. */
const MAX_WAITING = 16 * 1024
/** What a client may say after our last word. */
const MAX_IGNORED = 64 * 1024

export class Connection {
  readonly #id: string
  readonly #given: ConnectionParts
  #client: Client
  #socket: Socket
  #state: State = INITIAL
  #decoder = new SmtpDecoder()
  readonly #deadline: RequestDeadline
  readonly #cork = new Cork()
  readonly #message: MessageIn
  readonly #answers: Answers
  #ignored = 0
  /** True while a token is being dealt with: the next one waits. */
  #busy = false
  readonly #turn: () => Promise<unknown> | undefined
  #closing = false
  /** The client has closed its side; what it has said is still answered. */
  #ended = false
  readonly #closed: (() => void)[] = []

  constructor(socket: Socket, given: ConnectionParts) {
    this.#socket = socket
    this.#given = given
    this.#client = given.client
    this.#id = given.parts.newSessionId()
    this.#turn = given.parts.turns.of(() => this.#lane())
    const { engine, logins, sessions, now, trouble } = given.parts
    const { steady = () => performance.now() } = given.parts
    const { listener, maxSize } = given.setup
    this.#deadline = new RequestDeadline({ steady, late: () => this.#late() })
    this.#message = new MessageIn({ engine, maxSize, trouble })
    this.#answers = new Answers({
      session: this.#id,
      listener,
      engine,
      logins,
      sessions,
      cork: this.#cork,
      message: this.#message,
      now,
      trouble,
      isClosed: () => this.#isClosed(),
      cut: () => this.#take({ kind: 'cut' }),
    })
  }

  onClose(callback: () => void): void {
    this.#closed.push(callback)
  }

  start(): void {
    const raw = this.#socket
    raw.once('close', () => this.#gone())
    if (this.#given.implicitTls) {
      this.#secure(() => {
        this.#take({ kind: 'secured' })
        this.#take({ kind: 'connected' })
      })
      return
    }
    this.#attach()
    const { greetPause } = this.#given.setup
    if (greetPause === 0) return this.#take({ kind: 'connected' })
    this.#busy = true
    const pause = setTimeout(() => this.#greet(), greetPause)
    this.onClose(() => clearTimeout(pause))
    return undefined
  }

  /** After a pause in which only an impatient client says anything. */
  #greet(): void {
    this.#take({ kind: 'connected', early: this.#decoder.waiting > 0 })
    this.#busy = false
    void this.#pump()
  }

  /** Asks the client to come back; a message on its way in may still finish. */
  shutdown(): void {
    this.#closing = true
    if (!this.#busy && !this.#inMessage()) this.#take({ kind: 'shutdown' })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #attach(): void {
    endUntaken(this.#socket, how => this.#untaken(how))
    this.#socket.on('drain', () => void this.#pump())
    this.#socket.on('end', () => {
      this.#ended = true
      void this.#pump()
    })
    this.#socket.on('data', (chunk: Buffer) => {
      if (this.#isClosed()) return this.#ignore(chunk)
      this.#deadline.heard(this.#isReading() ? chunk.length : 0)
      this.#decoder.push(chunk)
      void this.#pump()
      // Asked after it: what waits for its turn now is not added to by another read.
      if (this.#busy && this.#decoder.waiting > MAX_WAITING) this.#socket.pause()
    })
    this.#socket.resume()
    this.#deadline.wait()
  }

  /** After our last word: it stays open so that the client can read it, and no longer than it listens. */
  #ignore(chunk: Buffer): void {
    this.#ignored += chunk.length
    if (this.#ignored > MAX_IGNORED) this.destroy()
  }

  #late(): void {
    // A client that has not read our replies for so long will not read one more.
    if (!this.#socket.writableNeedDrain) return this.#take({ kind: 'timeout' })
    this.#untaken({ ended: true })
    return this.destroy()
  }

  #untaken({ ended }: { readonly ended: boolean }): void {
    tellUntaken(this.#given.parts, { ...this.#about(), ended })
  }

  #about() {
    const { address } = this.#client
    const { listener } = this.#given.setup
    return { address, session: this.#id, listener, login: this.#state.login }
  }

  /** Deals with everything that has arrived, one thing after the other, as long as the replies are taken. */
  async #pump(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    this.#deadline.heard(0)
    try {
      for (let token = this.#next(); token; token = this.#next()) {
        this.#holdReplies()
        await this.#handle(token)
        const turn = this.#decoder.waiting > 0 ? this.#turn() : undefined
        if (turn) await this.#cork.during(turn)
      }
    } catch (error) {
      this.#given.parts.trouble(error, 'SMTP session')
      this.destroy()
    } finally {
      this.#busy = false
      this.#cork.release()
      this.#deadline.wait()
    }
    if (this.#closing && !this.#inMessage() && !this.#isClosed()) this.#take({ kind: 'shutdown' })
    if (this.#ended && !this.#socket.writableNeedDrain) this.#leave()
    readOn(this.#socket)
  }

  /** Until all commands that came together are answered. */
  #holdReplies(): void {
    if (this.#decoder.waiting > 0) this.#cork.hold(this.#socket)
  }

  /** The lane in which this client's further commands wait for their turn. */
  #lane(): Turn {
    const { login } = this.#state
    return login === undefined
      ? { lane: 'rest', from: sourceOf(this.#client.address) }
      : { lane: 'first', from: login }
  }

  #next(): Token | undefined {
    const { destroyed, writableNeedDrain } = this.#socket
    return this.#state.phase === 'closed' || destroyed || writableNeedDrain
      ? undefined
      : this.#decoder.next()
  }

  async #handle(token: Token): Promise<void> {
    switch (token.kind) {
      case 'data':
        return this.#message.add(token.bytes)
      case 'data-end':
      case 'chunk-end':
        return this.#advance({
          kind: token.kind,
          repaired: token.repaired,
          tooLarge: this.#message.isTooLarge,
        })
      case 'line':
        return this.#advance({
          kind: 'line',
          text: token.text,
          more: this.#decoder.waiting > 0,
        })
      case 'bad-line':
        return this.#advance({ kind: 'bad-line', why: token.why })
      default:
        return token satisfies never
    }
  }

  /** One input and, as long as the session asks, the answers that follow from it. */
  async #advance(input: Input): Promise<void> {
    const { phase } = this.#state
    let reaction = this.#apply(step(this.#state, input, this.#given.setup))
    while (reaction.ask && !this.#isClosed()) {
      const answer = await this.#answers.to(reaction.ask, this.#state, this.#client)
      this.#holdReplies()
      if (this.#isClosed()) return
      reaction = this.#apply(step(this.#state, answer, this.#given.setup))
    }
    // All chunks of a message are one request: with a deadline for each chunk a message could go on for ever.
    if (phase !== 'bdat' || this.#state.phase !== 'bdat') this.#deadline.begin()
  }

  /** A message, or a chunk that is refused, gets time up to the size limit; bytes beyond the limit get no more time. */
  #isReading(): boolean {
    const isMessage = this.#inMessage() || this.#state.chunk !== undefined
    return isMessage && !this.#message.isTooLarge
  }

  #inMessage(): boolean {
    return this.#state.phase === 'data' || this.#state.phase === 'bdat'
  }

  /** Asked anew after every wait: the session may have been cut meanwhile. */
  #isClosed(): boolean {
    return this.#state.phase === 'closed'
  }

  /** An input from outside the conversation: greeting, timeout, shutdown, cut. */
  #take(input: Input): void {
    if (this.#state.phase !== 'closed') this.#apply(step(this.#state, input, this.#given.setup))
  }

  #apply(reaction: Reaction): Reaction {
    this.#state = reaction.state
    if (reaction.output !== '' && !this.#socket.destroyed)
      this.#socket.write(reaction.output, 'latin1')
    switch (reaction.then) {
      case 'read-data':
        this.#message.begin()
        this.#decoder.startData()
        break
      case 'read-chunk':
        if (reaction.chunk?.first) this.#message.begin()
        if (reaction.chunk) this.#decoder.startChunk(reaction.chunk.size, reaction.chunk)
        break
      case 'new-client':
        this.#client = { ...this.#client, ...reaction.client }
        break
      case 'drop-message':
        void this.#message.drop()
        break
      case 'start-tls':
        this.#decoder.discard()
        this.#cork.release()
        // It waits for our 220 (RFC 3207 §4), so it has read all that came before.
        if (this.#socket.writableLength > 0) this.destroy()
        else this.#secure(() => this.#take({ kind: 'secured' }))
        break
      case 'close':
        if (reaction.tooMany) tellCutOff(this.#given.parts, this.#about(), reaction.tooMany)
        this.#close()
        break
      case undefined:
        break
      default:
        reaction.then satisfies never
    }
    return reaction
  }

  /** The client has closed its side, and all its commands are answered. */
  #leave(): void {
    if (this.#isClosed()) return
    this.#state = { ...this.#state, phase: 'closed' }
    this.#close()
  }

  /** A client that does not close its side, or does not read, is not waited for. */
  #close(): void {
    this.#deadline.stop()
    this.#socket.end()
    const late = setTimeout(() => this.destroy(), LINGER)
    this.onClose(() => clearTimeout(late))
  }

  #secure(ready: () => void): void {
    const { identity } = this.#given.parts
    if (!identity) return this.destroy()
    const raw = this.#socket
    for (const heard of ['data', 'drain', 'end']) raw.removeAllListeners(heard)
    const options = { isServer: true, highWaterMark: UNTAKEN, ...identity.current() }
    const secured = new TLSSocket(raw, options)
    const patience = setTimeout(() => secured.destroy(), 30_000)
    secured.on('error', () => secured.destroy())
    secured.once('secure', () => {
      clearTimeout(patience)
      this.#attach()
      ready()
    })
    this.#socket = secured
    raw.resume()
  }

  #gone(): void {
    this.#state = { ...this.#state, phase: 'closed' }
    this.#deadline.stop()
    this.#answers.leave()
    void this.#message.drop()
    for (const callback of this.#closed) callback()
  }
}
