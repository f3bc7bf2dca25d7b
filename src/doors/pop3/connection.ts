// One connection of a mail program: a conversation until the login, then two sockets joined, with an ear for XTND XMIT.

import type { Socket } from 'node:net'
import type { ByteSource } from '../../gateway/byte-source.ts'
import {
  ClientConnection,
  type ClientConnectionGiven,
  type LoggedIn,
} from '../../gateway/client-connection.ts'
import type { LoginThatSends } from '../../gateway/login-that-sends.ts'
import type { Claim } from '../../gateway/claim.ts'
import type { TokenMechanism } from '../../mail/sasl/bearer.ts'
import { BackEndSide } from './back-end-side.ts'
import { POP3 } from './back-end-talk.ts'
import { type NotRight, untilLogin } from './before-login.ts'
import { offered } from './capabilities.ts'
import { answeredIn, type CommandLine, commandLine } from './command-line.ts'
import { takeMessage } from './take-message.ts'

export type Pop3ConnectionGiven = ClientConnectionGiven & {
  /** `pop3.sends`, true by default. */
  readonly sends: boolean
  /** `pop3.tokens`, none by default. */
  readonly tokens: readonly TokenMechanism[]
}

/** RFC 1939 §3: at least ten minutes. In ms. */
const IDLE = 11 * 60_000
/** RFC 2449 §4 has 255 bytes. */
const MAX_LINE = 1024

const REFUSED = {
  wrong: '-ERR [AUTH] The name or the password is not right',
  'not-now': '-ERR [SYS/TEMP] Not now: too many wrong passwords; try again later',
  'no-answer':
    '-ERR [SYS/TEMP] The mail server cannot be asked about the password now; try again later',
  'too-many': '-ERR [SYS/TEMP] Too many connections of this login; close some',
}
const STOPPED =
  '-ERR [SYS/TEMP] Sending with this login was stopped, and its connections end; log in again to read mail'

export class Pop3Connection {
  readonly #given: Pop3ConnectionGiven
  readonly #client: ClientConnection

  constructor(socket: Socket, given: Pop3ConnectionGiven) {
    this.#given = given
    this.#client = new ClientConnection(socket, given, {
      name: 'POP3',
      behind: POP3,
      greeting: () => `+OK ${given.parts.settings().ourName} ready`,
      stopped: STOPPED,
    })
  }

  onClose(call: () => void): void {
    this.#client.onClose(call)
  }

  /** Never rejects. */
  run(): Promise<void> {
    const client = this.#client
    return client.run(
      source =>
        untilLogin({
          source,
          say: line => client.say(line),
          isSecure: client.isSecure,
          sends: this.#given.sends,
          tokens: this.#given.tokens,
          check: said => this.#check(said),
        }),
      (source, loggedIn) => this.#joined(source, loggedIn),
    )
  }

  shutdown(): void {
    this.#client.endWith('-ERR [SYS/TEMP] Server shutting down')
  }

  destroy(): void {
    this.#client.destroy()
  }

  async #check(said: Claim): Promise<NotRight | undefined> {
    const entered = await this.#client.enter(said)
    if (entered.how === 'in') return undefined
    return { words: entered.words ?? REFUSED[entered.how], reason: entered.reason }
  }

  async #joined(source: ByteSource, { backEnd, sender }: LoggedIn): Promise<void> {
    const client = this.#client
    const { socket } = client
    socket.setTimeout(IDLE, () => client.endWith('-ERR Disconnected for inactivity'))
    const { sends } = this.#given
    const edited = (lines: readonly string[]) => offered(lines, { sends })
    const side = new BackEndSide({ backEnd, client: socket, edited })
    client.hasPlaceForWords = () => side.isQuiet
    side.onEnd(() => client.end())
    while (!client.isEnding) {
      // What came before our answer tells nothing of it.
      const isAfter = source.isDry
      const line = await source.line(MAX_LINE)
      if (line === undefined) {
        if (!source.isOver && (await side.quiet())) client.endWith('-ERR The line is too long')
        return client.answerLast(() => side.quiet())
      }
      const command = commandLine(line)
      const take = () => this.#take(command, { source, side, sender })
      if (isAfter && command?.verb === 'QUIT') {
        if (await client.hearsGoodbye(source, async () => (await take()) && side.quiet()))
          sender.heard()
        return
      }
      if (!(await take())) return
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
    const client = this.#client
    const isMessage = command?.verb === 'XTND' && /^XMIT *$/i.test(command.rest)
    if (!isMessage || !this.#given.sends) {
      client.say('-ERR Command unknown, or not possible here')
      return true
    }
    const { parts } = this.#given
    try {
      return await takeMessage({
        source,
        say: line => client.say(line),
        maxSize: parts.settings().maxSize,
        sender,
        begins: () => {
          client.isBusy = !client.isEnding
          return client.isBusy
        },
        trouble: parts.trouble,
      })
    } finally {
      client.isBusy = false
    }
  }
}
