// One connection of a mail program: a conversation until the login, then two sockets joined, with an ear for the commands that send.

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { maskIp } from '../../model/ip.ts'
import type { Client } from '../../model/step.ts'
import type { DoorParts } from '../../wire/door.ts'
import { cannot, type SendOutcome } from './answer-words.ts'
import { type BackEnd, logIn } from './back-end.ts'
import type { BackEndAddress } from './back-end-address.ts'
import { BackEndSide } from './back-end-side.ts'
import { type Checked, type LoginOutcome, untilLogin } from './before-login.ts'
import { ByteSource } from './byte-source.ts'
import { beforeLogin, editedLine, offered, REFUSED_VERBS } from './capabilities.ts'
import { ClientSide } from './client-side.ts'
import { commandLine, literalOf, WITHOUT_ARGUMENTS } from './command-line.ts'
import type { LiteralIn } from './literal-in.ts'
import type { LoginPlaces } from './login-places.ts'
import type { Repeats } from './repeats.ts'
import { NAME_BEHIND, SendCommands } from './send-commands.ts'
import { type GivenEnvelope, type Sender, submit } from './submission.ts'

export type ImapSettings = {
  readonly ourName: string
  /** Of a login that is said without one. */
  readonly domain: string
  /** Bytes of one message: `maxMessageSize`, 50,000,000 by default, 1 to 2,000,000,000. */
  readonly maxSize: number
  /** `maxRecipients`, 200 by default, 1 to 100,000. */
  readonly maxRecipients: number
}

export type ConnectionGiven = {
  readonly client: Client
  readonly implicitTls: boolean
  readonly backEnd: BackEndAddress
  /** `imap.sendFolders`, nothing by default; when empty nothing is sent. */
  readonly sendFolders: readonly string[]
  /** `imap.sentFolder`, Sent by default. */
  readonly sentFolder: string
  readonly parts: DoorParts<ImapSettings>
  readonly repeats: Repeats<SendOutcome>
  readonly places: LoginPlaces
}

/** RFC 9051 §5.4 wants half an hour of a client that is logged in, and a little more where it says IDLE anew after 29 minutes. In ms. */
const IDLE = 31 * 60_000
/** Dovecot's: so long a client may take to log in. */
const TO_LOG_IN = 3 * 60_000
/** After our last word. */
const LINGER = 5000

export class Connection {
  readonly #given: ConnectionGiven
  readonly #session: string
  #socket: Socket
  #backEnd: BackEnd | undefined
  #side: BackEndSide | undefined
  #isSecure = false
  #login = ''
  #isTold = false
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

  /** Ends it with these words, but not while a message is being taken. */
  end(words: string): void {
    this.#lastWords ??= words
    if (!this.#isBusy) this.#end()
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

  async #check({ login: name, password }: { login: string; password: string }): Promise<Checked> {
    const { client, backEnd, parts, places } = this.#given
    const { loginsElsewhere, sessions, trouble } = parts
    const asking = { client, listener: 'submission' as const, session: this.#session }
    let found: BackEnd | undefined
    let isOver = false
    let words = 'NO [AUTHENTICATIONFAILED] The name or the password is not right'
    const check = await loginsElsewhere?.attempt(asking, { name, password }, async () => {
      const asked = await logIn(backEnd, { login: name, password, client }, trouble)
      // A refusal does not wait for what the back end says.
      if (isOver) asked.backEnd?.socket.destroy()
      else found = asked.backEnd
      words = asked.said === 'wrong' ? (asked.words ?? words) : words
      return asked.said
    })
    isOver = true
    if (check?.outcome !== 'right' || !found || this.#socket.destroyed) {
      found?.socket.destroy()
      return { isRight: false, words: check?.outcome === 'wrong' ? words : NOT_NOW }
    }
    const leave = places.enter(check.login)
    if (!leave) {
      found.socket.destroy()
      return { isRight: false, words: 'NO [LIMIT] Too many connections of this login; close some' }
    }
    this.#leaves.push(
      leave,
      sessions.join(check.login, () => this.end(STOPPED)),
    )
    this.#login = check.login
    this.#backEnd = found
    const capabilities = offered(found.capabilities, this.#how)
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
    const client = new ClientSide({
      source,
      say: text => this.#say(text),
      backEnd: side,
      unasked: unaskedBy(backEnd.capabilities),
    })
    const sending = this.#sending(client, side)
    while (!this.#socket.destroyed && this.#lastWords === undefined) {
      const line = await client.line()
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
    if (literalOf(line) && WITHOUT_ARGUMENTS.has(verb)) return false
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
    const { parts, sendFolders, sentFolder, repeats } = this.#given
    return new SendCommands({
      client,
      backEnd,
      login: this.#login,
      sendFolders,
      sentFolder,
      maxSize: () => parts.settings().maxSize,
      submit: (letter, envelope) => this.#submit(letter, envelope),
      repeats,
      trouble: parts.trouble,
    })
  }

  async #submit(letter: LiteralIn, envelope: GivenEnvelope): Promise<SendOutcome> {
    if (this.#lastWords !== undefined) return cannot('the connection ends; log in again')
    const { parts, client } = this.#given
    const sender: Sender = { login: this.#login, session: this.#session, client }
    // Until it is answered.
    this.#isBusy = true
    this.#tell()
    return submit(parts, sender, letter, envelope)
  }

  /** A connection that sends is one that logged in to send: the engine hears of it as of one over SMTP. */
  #tell(): void {
    if (this.#isTold) return
    this.#isTold = true
    const { realm, address, port } = this.#given.client
    this.#given.parts.engine.report({
      kind: 'link-auth',
      at: this.#given.parts.now(),
      session: this.#session,
      listener: 'submission',
      who: { realm, address, port, login: this.#login, sure: 'unknown' },
      ok: true,
      network: maskIp(address),
    })
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
    const raw = this.#socket
    const options = { isServer: true, ...this.#given.parts.identity.current() }
    const secured = new TLSSocket(raw, options)
    secured.on('error', () => secured.destroy())
    this.#socket = secured
    raw.resume()
    const isSecure = await new Promise<boolean>(resolve => {
      secured.once('secure', () => resolve(true))
      secured.once('close', () => resolve(false))
      raw.once('close', () => resolve(false))
    })
    this.#isSecure = isSecure
    return isSecure
  }
}

const NEVER = /^\b$/
const NOT_NOW =
  'NO [UNAVAILABLE] Not now: too many wrong passwords, or the server is busy; try again later'
const STOPPED =
  '* BYE [UNAVAILABLE] Sending with this login was stopped, and its connections end; log in again to read mail'

/** RFC 7888. */
function unaskedBy(capabilities: readonly string[]): number {
  const can = new Set(capabilities.map(one => one.toUpperCase()))
  return can.has('LITERAL+') ? Infinity : can.has('LITERAL-') ? 4096 : -1
}

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
