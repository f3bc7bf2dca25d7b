// The side of the client after a login: its commands are read as far as their literals need, and passed on. A command that another part
// wants to look at is read up to the literal of its message first.

import type { BackEndSide } from './back-end-side.ts'
import type { ByteSource } from '../../gateway/byte-source.ts'
import {
  type CommandLine,
  commandLine,
  isUnclear,
  type Literal,
  literalOf,
} from './command-line.ts'

export type ClientSideParts = {
  readonly source: ByteSource
  readonly say: (text: string) => void
  readonly backEnd: BackEndSide
  /** The conversation ends with these words. */
  readonly endWith: (words: string) => void
}

/** A command as far as it was read: its lines as they came, each but the last followed by a literal. */
export type Gathered = CommandLine & {
  /** The same as one text, with these literals as quoted strings. */
  readonly text: string
  readonly lines: readonly string[]
  readonly literals: readonly Buffer[]
  /** What the last line ends with. */
  readonly literal: Literal | undefined
}

/** Dovecot's imap_max_line_length. */
const MAX_LINE = 64 * 1024
const TOO_LONG = `* BYE A line has more than ${MAX_LINE} bytes`
const UNCLEAR = '* BYE It cannot be told whether a literal follows'
/** Bytes of the name of a mailbox. */
const MAX_NAME = 1024

export class ClientSide {
  readonly #parts: ClientSideParts

  constructor(parts: ClientSideParts) {
    this.#parts = parts
  }

  /** The first line of a command; undefined as below. One whose quote does not end is unclear, and not to be passed on. */
  async firstLine(): Promise<string | undefined> {
    const line = await this.#wholeLine()
    const isClear = line === undefined || !isUnclear(line) || !/\}\r?\n$/.test(line)
    return isClear ? line : this.#endWith(UNCLEAR)
  }

  /** The next line; undefined when there is none, or it is too long, or none can tell whether a literal follows: the client is told. */
  async line(): Promise<string | undefined> {
    const line = await this.#wholeLine()
    return line === undefined || !isUnclear(line) ? line : this.#endWith(UNCLEAR)
  }

  /** The same while the server waits for DONE, whatever the line is. */
  async lineInIdle(): Promise<string | undefined> {
    const { source, endWith } = this.#parts
    const line = await source.line(MAX_LINE)
    if (line === undefined && !source.isOver) endWith(TOO_LONG)
    return line
  }

  async #wholeLine(): Promise<string | undefined> {
    const { source } = this.#parts
    const line = await source.line(MAX_LINE)
    return line === undefined && !source.isOver ? this.#endWith(TOO_LONG) : line
  }

  async #endWith(words: string): Promise<undefined> {
    if (await this.#parts.backEnd.quiet()) this.#parts.endWith(words)
  }

  /** The name of a mailbox may be a literal (`behind`: what stands in front of it): it is read, and nothing behind it. */
  async gathered(line: string, behind: RegExp): Promise<Gathered | undefined> {
    const first = commandLine(line)
    const literal = literalOf(line)
    if (!first) return undefined
    const rest = first.rest
    const whole = { ...first, text: rest, lines: [line], literals: [], literal }
    const isName = literal && literal.size <= MAX_NAME && behind.test(rest)
    if (!isName) return whole
    // The back end must not hear of it before it is known what it is.
    if (!(await this.#parts.backEnd.quiet())) return undefined
    this.#invite(literal)
    const bytes = await this.#exactly(literal.size)
    const next = bytes && (await this.line())
    if (next === undefined) return undefined
    const quoted = `"${bytes?.toString('latin1').replaceAll(/["\\]/g, '\\$&')}"`
    const text = rest.replace(/\{\d+\+?\}$/, '') + quoted + next.replace(/\r?\n$/, '')
    return {
      ...whole,
      text,
      lines: [line, next],
      literals: bytes ? [bytes] : [],
      literal: literalOf(next),
    }
  }

  /**
   * Passes a command on, with its literals: the back end is asked for each, also where the client does not wait (RFC 7888), so that it takes no
   * literal for commands. False when the conversation cannot go on.
   */
  async forward({ lines, literals }: Pick<Gathered, 'lines' | 'literals'>): Promise<boolean> {
    const { backEnd } = this.#parts
    let begun = false
    for (let at = 0; ; at++) {
      const line = lines[at] ?? (await this.line())
      if (line === undefined) return false
      const literal = literalOf(line)
      const known = literals[at]
      // What the server then says is about this command only.
      if (literal && !begun && !(await backEnd.quiet())) return false
      const said = literal && backEnd.asking({ isOurs: known !== undefined || !literal.waits })
      if (!begun) backEnd.begin()
      begun = true
      await backEnd.write(literal ? line.replace(/\+\}(?=\r?\n$)/, '}') : line)
      if (!literal) return true
      const answer = await said?.()
      if (answer === 'gone') return false
      // What was read already is over; behind it a literal may be on its way.
      if (answer === 'refused')
        return this.skip(known === undefined ? literal : literalOf(lines.at(-1) ?? ''))
      if (known) await backEnd.write(known)
      else if (!(await this.literal(literal.size, bytes => backEnd.write(bytes)))) return false
    }
  }

  /** Reads the literal of a message. False when the connection ends first. */
  async literal(size: number, each: (bytes: Buffer) => Promise<void>): Promise<boolean> {
    for (let left = size; left > 0; ) {
      const bytes = await this.#parts.source.some(left)
      if (!bytes) return false
      left -= bytes.length
      await each(bytes)
    }
    return true
  }

  /** Lets the client send a literal that waits for it. */
  invite(literal: Literal): void {
    this.#invite(literal)
  }

  /** Reads what is left of a command that is not passed on: a client that was not invited sends no more of it. False as above. */
  async skip(literal: Literal | undefined): Promise<boolean> {
    for (let next = literal; next && !next.waits; ) {
      if (!(await this.literal(next.size, async () => {}))) return false
      const line = await this.line()
      if (line === undefined) return false
      next = literalOf(line)
    }
    return true
  }

  /** A line of ours, when all before it is answered, or never will be. False as above. */
  async reply(words: string): Promise<boolean> {
    const { backEnd, say } = this.#parts
    const goesOn = await backEnd.quiet()
    if (backEnd.isBetween) say(`${words}\r\n`)
    return goesOn
  }

  #invite({ waits }: Literal): void {
    if (waits) this.#parts.say('+ OK\r\n')
  }

  async #exactly(size: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = []
    const isWhole = await this.literal(size, async bytes => void pieces.push(Buffer.from(bytes)))
    return isWhole ? Buffer.concat(pieces) : undefined
  }
}
