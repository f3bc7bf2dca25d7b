// The side of the back end after a login: what it says goes to the client as it comes, and commands of our own are answered here, unseen.
// How many commands of the client have no tagged answer yet is counted, because ours may come only when there is none.

import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { BackEnd } from '../../gateway/back-end.ts'
import { BackEndLink } from '../../gateway/back-end-link.ts'
import { type Fate, Responses } from './responses.ts'

export type BackEndSideParts = {
  readonly backEnd: BackEnd
  readonly client: Socket
  /** A line for the client, edited where it must be. */
  readonly edited: (line: string) => string
}

/** What an untagged response to a command of ours is: undefined where it is no answer to it, and the client is to have it. */
type Hears = (line: string, literal: number | undefined) => Fate | undefined

/** What the server says to a literal that it was asked about: to send it, or that the command is over. */
export type Continuation = 'go' | 'refused' | 'gone'

const TO_CLIENT: Fate = { to: 'client' }
const SWALLOWED: Fate = { to: 'us' }

export class BackEndSide {
  readonly #link: BackEndLink
  readonly #client: Socket
  readonly #edited: (line: string) => string
  readonly #responses: Responses
  readonly #prefix = `cordon-${randomBytes(6).toString('hex')}-`
  #unanswered = 0
  #own: { readonly tag: string; readonly hears: Hears; answer: string | undefined } | undefined
  #instead: { readonly tag: string; readonly words: string } | undefined
  #asked: { readonly isOurs: boolean; said: Continuation | undefined } | undefined
  #tags = 0
  #hasGivenUp = false
  #hasSaidBye = false

  constructor({ backEnd, client, edited }: BackEndSideParts) {
    this.#client = client
    this.#edited = edited
    this.#responses = new Responses({
      decide: (line, literal) => this.#decide(line, literal),
      out: bytes => void client.write(bytes),
    })
    this.#link = new BackEndLink(backEnd, client, chunk => this.#responses.push(chunk))
    this.#link.begin(backEnd.source.leave())
  }

  /** No response is on its way to the client: a line of ours may go there. */
  get isBetween(): boolean {
    return this.#responses.isBetween
  }

  /** It told the client that it ends. */
  get hasSaidBye(): boolean {
    return this.#hasSaidBye
  }

  onEnd(call: () => void): void {
    this.#link.onEnd(call)
  }

  /** A command of the client is passed on from now on. */
  begin(): void {
    this.#unanswered++
  }

  /** What the client is told where the server answers that command, its last one; false where it was answered already. */
  answerWith(tag: string, words: string): boolean {
    if (this.#unanswered === 0) return false
    this.#instead = { tag, words }
    return true
  }

  /** Resolves when the server takes more. */
  async write(bytes: Buffer | string): Promise<void> {
    const { socket } = this.#link
    if (this.#link.isGone || socket.write(bytes, 'latin1')) return
    await this.#link.until(() => !socket.writableNeedDrain || this.#hasGivenUp)
  }

  /** All commands of the client are answered, to their end; false when the server is gone. */
  async quiet(): Promise<boolean> {
    await this.#link.until(() => this.#unanswered === 0 && this.isBetween)
    return !this.#link.isGone
  }

  /** Call it before the line with the literal is written: what the server then says. `isOurs`: the client does not see that. */
  asking({ isOurs }: { readonly isOurs: boolean }): () => Promise<Continuation> {
    const asked: { isOurs: boolean; said: Continuation | undefined } = { isOurs, said: undefined }
    this.#asked = asked
    return async () => {
      await this.#link.until(() => asked.said !== undefined || (isOurs && this.#hasGivenUp))
      this.#asked = undefined
      return asked.said ?? 'gone'
    }
  }

  /** A command of our own; call it when all is quiet. What stands behind the tag of its answer; undefined when the server is gone. */
  async own(
    command: string,
    hears: Hears = () => undefined,
    literal?: { readonly size: number; readonly pieces: AsyncIterable<Buffer> },
  ): Promise<string | undefined> {
    if (this.#hasGivenUp) return undefined
    const tag = `${this.#prefix}${++this.#tags}`
    const own: { tag: string; hears: Hears; answer: string | undefined } = {
      tag,
      hears,
      answer: undefined,
    }
    this.#own = own
    if (literal) {
      const said = this.asking({ isOurs: true })
      await this.write(`${tag} ${command} {${literal.size}}\r\n`)
      if ((await said()) === 'go') {
        for await (const piece of literal.pieces) {
          if (this.#hasGivenUp) break
          await this.write(piece)
        }
        await this.write('\r\n')
      }
    } else await this.write(`${tag} ${command}\r\n`)
    await this.#link.until(() => own.answer !== undefined || this.#hasGivenUp)
    this.#own = undefined
    return own.answer
  }

  /** The connection ends: no command of ours is waited for any more, and none is said. */
  giveUpOwn(): void {
    this.#hasGivenUp = true
    this.#link.wake()
  }

  /** Reads no more of the server until it is resumed: what was read must first be stored. */
  pause(): void {
    this.#link.socket.pause()
  }

  resume(): void {
    if (!this.#client.writableNeedDrain) this.#link.socket.resume()
  }

  destroy(): void {
    this.#link.socket.destroy()
  }

  #decide(line: string, literal: number | undefined): Fate {
    if (line.startsWith('+')) {
      const asked = this.#asked
      if (asked) asked.said ??= 'go'
      return asked?.isOurs ? SWALLOWED : TO_CLIENT
    }
    if (/^\* BYE /i.test(line)) this.#hasSaidBye = true
    if (line.startsWith('* '))
      return this.#own?.hears(line, literal) ?? { to: 'client', line: this.#edited(line) }
    if (this.#own && line.startsWith(`${this.#own.tag} `)) {
      this.#own.answer = line.slice(this.#own.tag.length + 1).trimEnd()
      if (this.#asked) this.#asked.said ??= 'refused'
      return SWALLOWED
    }
    this.#unanswered = Math.max(0, this.#unanswered - 1)
    if (this.#asked) this.#asked.said ??= 'refused'
    const instead = this.#instead
    this.#instead = undefined
    if (instead && line.startsWith(`${instead.tag} `))
      return { to: 'client', line: `${instead.tag} ${instead.words}\r\n` }
    return { to: 'client', line: this.#edited(line) }
  }
}
