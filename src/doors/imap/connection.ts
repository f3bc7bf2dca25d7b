// One connection of a mail program: a conversation until the login, then two sockets joined, with an ear for the commands that send.

import type { Socket } from 'node:net'
import type { ByteSource } from '../../gateway/byte-source.ts'
import {
  ClientConnection,
  type ClientConnectionGiven,
  type LoginEnded,
  type LoggedIn,
} from '../../gateway/client-connection.ts'
import { ENDS, type LoginThatSends } from '../../gateway/login-that-sends.ts'
import type { Claim } from '../../gateway/claim.ts'
import type { TokenMechanism } from '../../mail/sasl/bearer.ts'
import { BackEndSide } from './back-end-side.ts'
import { IMAP } from './back-end-talk.ts'
import { type Checked, untilLogin } from './before-login.ts'
import { beforeLogin, editedLine, offered, REFUSED_VERBS } from './capabilities.ts'
import { ClientSide } from './client-side.ts'
import { commandLine, isUnclear, literalOf } from './command-line.ts'
import { NAME_BEHIND, SendCommands } from './send-commands.ts'

export type ConnectionGiven = ClientConnectionGiven & {
  /** `imap.sendFolders`, nothing by default; when empty nothing is sent. */
  readonly sendFolders: readonly string[]
  /** `imap.sentFolder`, Sent by default. */
  readonly sentFolder: string
  /** `imap.tokens`, none by default. */
  readonly tokens: readonly TokenMechanism[]
}

/** RFC 9051 §5.4 wants half an hour of a client that is logged in, and a little more where it says IDLE anew after 29 minutes. In ms. */
const IDLE = 31 * 60_000

const NEVER = /^\b$/
const REFUSED = {
  wrong: 'NO [AUTHENTICATIONFAILED] The name or the password is not right',
  'not-now': 'NO [UNAVAILABLE] Not now: too many wrong passwords; try again later',
  'no-answer':
    'NO [UNAVAILABLE] The mail server cannot be asked about the password now; try again later',
  'too-many': 'NO [LIMIT] Too many connections of this login; close some',
}
const STOPPED =
  '* BYE [UNAVAILABLE] Sending with this login was stopped, and its connections end; log in again to read mail'

export class Connection {
  readonly #given: ConnectionGiven
  readonly #client: ClientConnection

  constructor(socket: Socket, given: ConnectionGiven) {
    this.#given = given
    const { ourName } = given.parts.settings()
    this.#client = new ClientConnection(socket, given, {
      name: 'IMAP',
      behind: IMAP,
      greeting: isSecure =>
        `* OK [CAPABILITY ${beforeLogin(isSecure, given.tokens)}] ${ourName} ready`,
      stopped: STOPPED,
    })
  }

  onClose(call: () => void): void {
    this.#client.onClose(call)
  }

  /** Never rejects. */
  run(): Promise<void> {
    return this.#client.run(
      source => this.#untilLogin(source),
      (source, loggedIn) => this.#joined(source, loggedIn),
    )
  }

  shutdown(): void {
    this.#client.endWith('* BYE Server shutting down')
  }

  destroy(): void {
    this.#client.destroy()
  }

  async #untilLogin(source: ByteSource): Promise<LoginEnded> {
    const ended = await untilLogin({
      source,
      say: text => this.#say(text),
      isSecure: this.#client.isSecure,
      ourName: this.#given.parts.settings().ourName,
      tokens: this.#given.tokens,
      check: claim => this.#check(claim),
    })
    if (ended.how === 'logged-in') this.#say(ended.reply)
    return ended.how
  }

  async #check(said: Claim): Promise<Checked> {
    const entered = await this.#client.enter(said)
    if (entered.how !== 'in') {
      const { words, reason } = entered.how === 'wrong' ? entered : {}
      return { isRight: false, words: words ?? REFUSED[entered.how], reason }
    }
    const capabilities = offered(entered.backEnd.capabilities, this.#how)
    return { isRight: true, words: `OK [CAPABILITY ${capabilities.join(' ')}] Logged in` }
  }

  get #how() {
    return { sends: this.#given.sendFolders.length > 0 }
  }

  async #joined(source: ByteSource, { backEnd, sender }: LoggedIn): Promise<void> {
    const connection = this.#client
    const { socket } = connection
    socket.setTimeout(IDLE, () => connection.endWith('* BYE Disconnected for inactivity'))
    const side = new BackEndSide({
      backEnd,
      client: socket,
      edited: line => editedLine(line, this.#how),
    })
    connection.hasPlaceForWords = () => side.isBetween
    connection.hurry = () => side.giveUpOwn()
    side.onEnd(() => {
      if (side.hasSaidBye) connection.end()
      else connection.endWith('* BYE [UNAVAILABLE] The mail server ended the connection')
    })
    const client = new ClientSide({
      source,
      say: text => this.#say(text),
      backEnd: side,
      endWith: words => connection.endWith(words),
    })
    const canMove = backEnd.capabilities.some(one => one.toUpperCase() === 'MOVE')
    const sending = this.#sending(client, { side, sender, canMove })
    while (!connection.isEnding) {
      // What came before our answer tells nothing of it.
      const isAfter = source.isDry
      const line = await client.firstLine()
      if (line === undefined) return connection.answerLast(() => side.quiet())
      const take = () => this.#take(line, client, { side, sending })
      if (isAfter && commandLine(line)?.verb === 'LOGOUT' && !literalOf(line)) {
        if (await connection.hearsGoodbye(source, async () => (await take()) && side.quiet()))
          sender.heard()
        return
      }
      if (!(await take())) return
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
    if (isUnclear(line)) return client.reply(`${tag} BAD A quoted string does not end`)
    // A server that is less strict about spaces would read a command where we read none.
    if (verb === '' || verb === 'UID') {
      const isSkipped = await client.skip(literalOf(line))
      return isSkipped && client.reply(`${tag} BAD Command unknown`)
    }
    if (REFUSED_VERBS.has(verb)) {
      const isSkipped = await client.skip(literalOf(line))
      return isSkipped && client.reply(`${tag} BAD ${verb} is not possible here`)
    }
    if (verb === 'IDLE') return idled({ line, tag }, client, side)
    const behind = NAME_BEHIND[verb]
    const mayBe = behind !== undefined || verb === 'UID SENDMAIL' || verb === 'UID SUBMIT'
    if (!this.#how.sends || !mayBe) return client.forward({ lines: [line], literals: [] })
    const gathered = await client.gathered(line, behind ?? NEVER)
    try {
      return gathered !== undefined && (await sending.take(gathered))
    } finally {
      this.#client.isBusy = false
    }
  }

  #sending(
    client: ClientSide,
    {
      side,
      sender,
      canMove,
    }: {
      readonly side: BackEndSide
      readonly sender: LoginThatSends
      readonly canMove: boolean
    },
  ): SendCommands {
    const { parts, sendFolders, sentFolder } = this.#given
    return new SendCommands({
      client,
      backEnd: side,
      sendFolders,
      sentFolder,
      canMove,
      maxSize: () => parts.settings().maxSize,
      send: async (letter, envelope, finish) => {
        if (this.#client.isEnding) return ENDS
        // Until it is answered.
        this.#client.isBusy = true
        return sender.send(letter, envelope, finish)
      },
      trouble: parts.trouble,
    })
  }

  /** Whole lines, or less than one. */
  #say(text: string): void {
    const { socket } = this.#client
    if (!socket.destroyed && !socket.writableEnded) socket.write(text, 'latin1')
  }
}

/** RFC 2177: until DONE nothing else may come. What comes instead ends it, as with Dovecot, and is not passed on: it was not looked at. */
async function idled(
  { line, tag }: { readonly line: string; readonly tag: string },
  client: ClientSide,
  side: BackEndSide,
): Promise<boolean> {
  if (literalOf(line) || !(await side.quiet())) return false
  const said = side.asking({ isOurs: false })
  side.begin()
  await side.write(line)
  const answer = await said()
  if (answer !== 'go') return answer === 'refused'
  const done = await client.lineInIdle()
  if (done === undefined) return false
  const isWrong = !/^DONE\r?\n$/i.test(done)
  // The server has ended it by itself: to whom the line was is not known.
  if (isWrong && !side.answerWith(tag, 'BAD Expected DONE')) return false
  await side.write('DONE\r\n')
  return !isWrong || client.skip(literalOf(done))
}
