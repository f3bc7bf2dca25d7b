// One connection of a mail program: a conversation until the login, then two sockets joined, with an ear for the commands that send.

import type { Socket } from 'node:net'
import type { BackEnd } from '../../gateway/back-end.ts'
import type { BackEndAddress } from '../../gateway/back-end-address.ts'
import { ByteSource } from '../../gateway/byte-source.ts'
import { enter } from '../../gateway/enter.ts'
import type { GatewayParts } from '../../gateway/gateway.ts'
import type { LetterIn } from '../../gateway/letter-in.ts'
import { ENDS, LoginThatSends } from '../../gateway/login-that-sends.ts'
import { secured } from '../../gateway/secured.ts'
import type { GivenEnvelope } from '../../gateway/submission.ts'
import type { Submitted } from '../../gateway/submitted.ts'
import type { Offered } from '../../mail/sasl/plain.ts'
import { BackEndSide } from './back-end-side.ts'
import { IMAP } from './back-end-talk.ts'
import { type Checked, type LoginOutcome, untilLogin } from './before-login.ts'
import { beforeLogin, editedLine, offered, REFUSED_VERBS } from './capabilities.ts'
import { ClientSide } from './client-side.ts'
import { commandLine, literalOf } from './command-line.ts'
import { NAME_BEHIND, SendCommands } from './send-commands.ts'

export type ConnectionGiven = GatewayParts & {
  readonly implicitTls: boolean
  readonly backEnd: BackEndAddress
  /** `imap.sendFolders`, nothing by default; when empty nothing is sent. */
  readonly sendFolders: readonly string[]
  /** `imap.sentFolder`, Sent by default. */
  readonly sentFolder: string
}

/** RFC 9051 §5.4 wants half an hour of a client that is logged in, and a little more where it says IDLE anew after 29 minutes. In ms. */
const IDLE = 31 * 60_000
/** Dovecot's: so long a client may take to log in. */
const TO_LOG_IN = 3 * 60_000
/** After our last word. */
const LINGER = 5000
/** A stopped login is gone within a second: so long what is under way may take, and then its answer. In ms. */
const TO_FINISH = 600
const TO_ANSWER = 900

export class Connection {
  readonly #given: ConnectionGiven
  readonly #session: string
  #socket: Socket
  #backEnd: BackEnd | undefined
  #side: BackEndSide | undefined
  #isSecure = false
  #sender: LoginThatSends | undefined
  /** A message is being taken: the client is to hear what became of it. */
  #isBusy = false
  #lastWords: string | undefined
  readonly #leaves: (() => void)[] = []

  constructor(socket: Socket, given: ConnectionGiven) {
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
      const isIn = await this.#untilLogin().finally(() => clearTimeout(late))
      if (isIn) await this.#joined()
    } catch (error) {
      this.#given.parts.trouble(error, 'IMAP session')
    } finally {
      for (const leave of this.#leaves) leave()
      this.#end()
    }
  }

  shutdown(): void {
    this.end('* BYE Server shutting down')
  }

  /** Ends it with these words, but not while a message is being taken. */
  end(words: string): void {
    this.#lastWords ??= words
    if (!this.#isBusy) this.#end()
  }

  /** Ends it within a second, whatever is under way. */
  #cut(): void {
    this.end(STOPPED)
    if (this.#socket.destroyed || !this.#isBusy) return
    const hurry = setTimeout(() => this.#side?.giveUpOwn(), TO_FINISH)
    const late = setTimeout(() => this.#end(), TO_ANSWER)
    this.onClose(() => {
      clearTimeout(hurry)
      clearTimeout(late)
    })
  }

  destroy(): void {
    this.#socket.destroy()
    this.#backEnd?.socket.destroy()
  }

  async #untilLogin(): Promise<boolean> {
    if (this.#given.implicitTls && !(await this.#secure())) return false
    const { ourName } = this.#given.parts.settings()
    this.#say(`* OK [CAPABILITY ${beforeLogin(this.#isSecure)}] ${ourName} ready\r\n`)
    for (;;) {
      const source = new ByteSource(this.#socket)
      const ended = await this.#greeted(source)
      if (ended.how === 'over') return false
      if (ended.how === 'logged-in') {
        this.#say(ended.reply)
        this.#source = source
        return true
      }
      // RFC 3501 §6.2.1: what came in clear behind STARTTLS is of no account, and no client of good will sends it.
      if (source.leave().length > 0 || !(await this.#secure())) return false
    }
  }

  #source: ByteSource | undefined

  #greeted(source: ByteSource): Promise<LoginOutcome> {
    return untilLogin({
      source,
      say: text => this.#say(text),
      isSecure: this.#isSecure,
      ourName: this.#given.parts.settings().ourName,
      check: offered => this.#check(offered),
    })
  }

  async #check(said: Offered): Promise<Checked> {
    const { client, backEnd, parts, shared } = this.#given
    const session = this.#session
    const behind = { address: backEnd, protocol: IMAP }
    const isGone = () => this.#socket.destroyed
    const cut = () => this.#cut()
    const entered = await enter({ client, parts, shared, session, behind, isGone, cut }, said)
    if (entered.how !== 'in') {
      const wrong = entered.how === 'wrong' ? entered.words : undefined
      return { isRight: false, words: wrong ?? REFUSED[entered.how] }
    }
    this.#leaves.push(entered.leave)
    const sender = { login: entered.login, session, client, through: 'IMAP' as const }
    this.#sender = new LoginThatSends(this.#given, sender)
    this.#backEnd = entered.backEnd
    const capabilities = offered(entered.backEnd.capabilities, this.#how)
    return { isRight: true, words: `OK [CAPABILITY ${capabilities.join(' ')}] Logged in` }
  }

  get #how() {
    return { sends: this.#given.sendFolders.length > 0 }
  }

  async #joined(): Promise<void> {
    const backEnd = this.#backEnd
    const source = this.#source
    if (!backEnd || !source) return
    this.#socket.setTimeout(IDLE, () => this.end('* BYE Disconnected for inactivity'))
    const side = new BackEndSide({
      backEnd,
      client: this.#socket,
      edited: line => editedLine(line, this.#how),
    })
    this.#side = side
    side.onEnd(() => this.#end())
    const client = new ClientSide({ source, say: text => this.#say(text), backEnd: side })
    const sending = this.#sending(client, side)
    while (!this.#socket.destroyed && this.#lastWords === undefined) {
      // What came before our answer tells nothing of it.
      const isAfter = source.isDry
      const line = await client.line()
      if (line !== undefined && isAfter) this.#sender?.heard()
      if (line === undefined || !(await this.#take(line, client, { side, sending }))) return
    }
  }

  /** False when the conversation cannot go on. */
  async #take(
    line: string,
    client: ClientSide,
    { side, sending }: { readonly side: BackEndSide; readonly sending: SendCommands },
  ): Promise<boolean> {
    const command = commandLine(line)
    if (!command) {
      if (literalOf(line)) return false
      return client.reply('* BAD Command has no tag')
    }
    const { verb, tag } = command
    // A server that is less strict about spaces would read a command where we read none.
    if (verb === '' || verb === 'UID') {
      const isSkipped = await client.skip(literalOf(line))
      return isSkipped && client.reply(`${tag} BAD Command unknown`)
    }
    if (REFUSED_VERBS.has(verb)) {
      const isSkipped = await client.skip(literalOf(line))
      return isSkipped && client.reply(`${tag} BAD ${verb} is not possible here`)
    }
    if (verb === 'IDLE') return idled(line, client, side)
    const behind = NAME_BEHIND[verb]
    const mayBe = behind !== undefined || verb === 'UID SENDMAIL' || verb === 'UID SUBMIT'
    if (!this.#how.sends || !mayBe) return client.forward({ lines: [line], literals: [] })
    const gathered = await client.gathered(line, behind ?? NEVER)
    try {
      return gathered !== undefined && (await sending.take(gathered))
    } finally {
      this.#isBusy = false
    }
  }

  #sending(client: ClientSide, backEnd: BackEndSide): SendCommands {
    const { parts, sendFolders, sentFolder } = this.#given
    return new SendCommands({
      client,
      backEnd,
      sendFolders,
      sentFolder,
      maxSize: () => parts.settings().maxSize,
      send: (letter, envelope, taken) => this.#send(letter, envelope, taken),
      trouble: parts.trouble,
    })
  }

  async #send(
    letter: LetterIn,
    envelope: GivenEnvelope = {},
    taken?: () => Promise<void>,
  ): Promise<Submitted> {
    if (this.#lastWords !== undefined || !this.#sender) return ENDS
    // Until it is answered.
    this.#isBusy = true
    return this.#sender.send(letter, envelope, taken)
  }

  #say(text: string): void {
    if (!this.#socket.destroyed) this.#socket.write(text, 'latin1')
  }

  #end(): void {
    // In the midst of a response there is no place for words.
    if (this.#lastWords !== undefined && (this.#side?.isBetween ?? true))
      this.#say(`${this.#lastWords}\r\n`)
    this.#lastWords = undefined
    this.#backEnd?.socket.destroy()
    if (this.#socket.destroyed) return
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

const NEVER = /^\b$/
const REFUSED = {
  wrong: 'NO [AUTHENTICATIONFAILED] The name or the password is not right',
  'not-now':
    'NO [UNAVAILABLE] Not now: too many wrong passwords, or the server is busy; try again later',
  'too-many': 'NO [LIMIT] Too many connections of this login; close some',
}
const STOPPED =
  '* BYE [UNAVAILABLE] Sending with this login was stopped, and its connections end; log in again to read mail'

/** RFC 2177: until DONE nothing else may come. */
async function idled(line: string, client: ClientSide, side: BackEndSide): Promise<boolean> {
  if (literalOf(line) || !(await side.quiet())) return false
  const said = side.asking({ isOurs: false })
  side.begin()
  await side.write(line)
  const answer = await said()
  if (answer !== 'go') return answer === 'refused'
  const done = await client.line()
  if (!done || !/^DONE\r?\n$/i.test(done)) return false
  await side.write(done)
  return true
}
