// Sockets for milters. Packets are dealt with one after the other; a server that sends faster than we can write is held back,
// and so is one that does not read our answers. In trouble the connection is closed: the server then does what it is set up to do (Postfix: milter_default_action).

import type { Socket } from 'node:net'
import type { Step } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'
import type { Draft, Engine } from '../../ports/engine.ts'
import { type BesideListener, listenBeside, type Listening } from '../../wire/beside-listener.ts'
import type { CommandTurns } from '../../wire/command-turns.ts'
import { ownNetworks } from '../../wire/own-networks.ts'
import { endUntaken, readOn } from '../../wire/read-on.ts'
import { SeenLogins } from '../../wire/seen-logins.ts'
import { encode, MilterDecoder } from './codec.ts'
import {
  type EngineQuestion,
  INITIAL,
  type Input,
  type MilterSetup,
  type Reaction,
  step,
} from './session.ts'
import { WithoutLogins } from './without-logins.ts'

export type MilterListener = BesideListener &
  Omit<MilterSetup, 'isOwn' | 'isWebmail'> & {
    /** From there mail comes without a login. */
    readonly mynetworks?: readonly string[]
    /** Hosts of many users: mail from them has no place of its own. */
    readonly webmail?: readonly string[]
  }

export type MilterParts = {
  readonly engine: Pick<Engine, 'judge' | 'open' | 'report'>
  readonly now: () => number
  readonly newSessionId: () => string
  /** One for all connections of a thread. */
  readonly turns: CommandTurns
  readonly trouble: (error: unknown, about: string) => void
}

/** Read-ahead while we think: some pieces of a body. */
const MAX_WAITING = 256 * 1024

export function openMilterDoor(listener: MilterListener, parts: MilterParts): Promise<Listening> {
  const { mynetworks = [], webmail = [], listener: kind, realm, domain, skipRules } = listener
  const isOwn = ownNetworks(mynetworks)
  const setup: MilterSetup = {
    listener: kind,
    isOwn,
    isWebmail: address => webmail.includes(address),
    webmailHeader: listener.webmailHeader?.toLowerCase(),
    realm,
    domain,
    skipRules,
    // Read each time: the size may change while Cordon runs.
    get maxSize() {
      return listener.maxSize
    },
  }
  const given = { setup, parts, logins: new SeenLogins(webmail), strangers: new WithoutLogins() }
  return listenBeside(listener, socket => new MilterConnection(socket, given).start())
}

type MilterConnectionParts = {
  readonly setup: MilterSetup
  readonly parts: MilterParts
  readonly logins: SeenLogins
  readonly strangers: WithoutLogins
}

class MilterConnection {
  readonly #socket: Socket
  readonly #setup: MilterSetup
  readonly #parts: MilterParts
  readonly #logins: SeenLogins
  readonly #strangers: WithoutLogins
  readonly #decoder = new MilterDecoder()
  #state = INITIAL
  #draft: Draft | undefined
  #busy = false
  readonly #turn: () => Promise<unknown> | undefined
  /** The mail server says no more. */
  #ended = false

  constructor(socket: Socket, { setup, parts, logins, strangers }: MilterConnectionParts) {
    this.#socket = socket
    this.#setup = setup
    this.#parts = parts
    this.#logins = logins
    this.#strangers = strangers
    const { remoteAddress = '' } = socket
    this.#turn = parts.turns.of(() => ({ lane: 'first', from: `milter ${remoteAddress}` }))
  }

  start(): void {
    const about = { door: 'milter', address: this.#socket.remoteAddress ?? '' } as const
    const { engine, now } = this.#parts
    endUntaken(this.#socket, ({ ended }) => {
      const end = ended ? ({ ended } as const) : {}
      engine.report({ kind: 'client-not-reading', at: now(), ...about, ...end })
    })
    this.#socket.on('data', (chunk: Buffer) => {
      this.#decoder.push(chunk)
      if (this.#busy && this.#decoder.waiting > MAX_WAITING) this.#socket.pause()
      void this.#pump()
    })
    this.#socket.on('drain', () => void this.#pump())
    this.#socket.on('end', () => {
      this.#ended = true
      void this.#pump()
    })
    this.#socket.once('close', () => void this.#drop())
  }

  async #pump(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      while (!this.#socket.destroyed && !this.#socket.writableNeedDrain) {
        const packet = this.#decoder.next()
        if (packet === undefined) break
        if (packet === 'bad') throw new Error('not a packet of the milter protocol')
        await this.#advance(packet)
        const turn = this.#decoder.waiting > 0 ? this.#turn() : undefined
        if (turn) await turn
      }
    } catch (error) {
      this.#parts.trouble(error, 'milter')
      this.#socket.destroy()
    } finally {
      this.#busy = false
    }
    if (this.#socket.destroyed) await this.#drop()
    else if (this.#ended && !this.#socket.writableNeedDrain) this.#socket.end()
    else readOn(this.#socket)
  }

  async #advance(input: Input): Promise<void> {
    let next: Input | undefined = input
    while (next) {
      const now = { at: this.#parts.now(), session: this.#parts.newSessionId() }
      const reaction: Reaction = step(this.#state, next, this.#setup, now)
      this.#state = reaction.state
      if (reaction.drop) await this.#drop()
      if (reaction.open) {
        this.#tellLogin(reaction.open)
        this.#draft = await this.#parts.engine.open(reaction.open)
      }
      if (reaction.write) await this.#draft?.write(reaction.write)
      for (const reply of reaction.say) this.#socket.write(encode(reply))
      if (reaction.close) this.#socket.end()
      const { ask } = reaction
      next = ask && { kind: 'judged', asked: ask, judgement: await this.#judgement(ask) }
    }
  }

  async #judgement(ask: EngineQuestion): Promise<Judgement> {
    if (ask.ask === 'judge') {
      if (ask.about === 'mail') {
        this.#tellLogin(ask.step)
        this.#tellWithout(ask.step)
      }
      return this.#parts.engine.judge(ask.step)
    }
    const draft = this.#draft
    this.#draft = undefined
    if (!draft) throw new Error('there is no message to finish')
    return draft.finish()
  }

  /** With its message once more: from a webmail it is known only then where its user sits. */
  #tellLogin(seen: Parameters<SeenLogins['seen']>[0]): void {
    const told = this.#logins.seen(seen)
    if (told) this.#parts.engine.report(told)
  }

  #tellWithout({ login, at }: Pick<Step, 'login' | 'at'>): void {
    const { macros } = this.#state
    const [name = '', port = ''] = [macros.get('daemon_name'), macros.get('daemon_port')]
    const told = this.#strangers.message({ name, port, hasLogin: login !== undefined }, at)
    if (told) this.#parts.engine.report(told)
  }

  async #drop(): Promise<void> {
    const draft = this.#draft
    this.#draft = undefined
    await draft?.abort().catch(error => this.#parts.trouble(error, 'dropping a message'))
  }
}
