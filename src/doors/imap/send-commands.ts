// Commands that send: a message put into a send folder (APPEND, COPY, MOVE), and UID SENDMAIL and UID SUBMIT of one that lies in the selected
// one. What these do not send is passed on. An answer is given when the message is on our disk, and its copy in the folder for sent mail.

import { normalForm } from '../../model/normal-form.ts'
import { LetterIn } from '../../gateway/letter-in.ts'
import type { LoginThatSends } from '../../gateway/login-that-sends.ts'
import { type GivenEnvelope, tooLarge } from '../../gateway/submission.ts'
import { cannot, type Submitted, tryLater } from '../../gateway/submitted.ts'
import { answerWords } from './answer-words.ts'
import type { BackEndSide } from './back-end-side.ts'
import type { ClientSide, Gathered } from './client-side.ts'
import { appendArguments, astring, literalOf, messageSet } from './command-line.ts'
import { folded, mailboxName, quotedMailbox } from './mailbox-name.ts'
import type { Fate } from './responses.ts'

export type SendCommandsParts = {
  readonly client: ClientSide
  readonly backEnd: BackEndSide
  readonly sendFolders: readonly string[]
  readonly sentFolder: string
  /** The back end has MOVE (RFC 6851). */
  readonly canMove: boolean
  readonly maxSize: () => number
  readonly send: LoginThatSends['send']
  /** A problem inside, for the log. */
  readonly trouble: (error: unknown, about: string) => void
}

const TO_US: Fate = { to: 'us' }

/** What stands in front of the name of the mailbox, where that is a literal. */
export const NAME_BEHIND: Readonly<Record<string, RegExp>> = {
  APPEND: /^\{\d+\+?\}$/,
  COPY: /^\S+ \{\d+\+?\}$/,
  MOVE: /^\S+ \{\d+\+?\}$/,
  'UID COPY': /^\S+ \{\d+\+?\}$/,
  'UID MOVE': /^\S+ \{\d+\+?\}$/,
}

export class SendCommands {
  readonly #parts: SendCommandsParts
  readonly #folders: ReadonlySet<string>

  constructor(parts: SendCommandsParts) {
    this.#parts = parts
    this.#folders = new Set(parts.sendFolders.map(folded))
  }

  /** False when the conversation cannot go on. */
  async take(command: Gathered): Promise<boolean> {
    const { client } = this.#parts
    switch (command.verb) {
      case 'APPEND': {
        const mailbox = astring(command.text)
        if (!mailbox) return this.#unread(command)
        if (!this.#isSendFolder(mailbox.value)) return client.forward(command)
        return this.#append(command, mailbox.rest)
      }
      case 'COPY':
      case 'MOVE':
      case 'UID COPY':
      case 'UID MOVE': {
        const set = messageSet(command.text)
        const mailbox = set && astring(set.rest)
        if (!set || mailbox?.rest !== '') return this.#unread(command)
        if (!this.#isSendFolder(mailbox.value)) return client.forward(command)
        return this.#answer(command, () => this.#copied(command.verb, set.value))
      }
      case 'UID SENDMAIL':
      case 'UID SUBMIT': {
        const uid = astring(command.text)
        const envelope = uid && envelopeOf(uid.rest)
        if (!envelope || command.literal) return this.#unread(command)
        return this.#answer(command, async () =>
          answerWords(
            await this.#ofMailbox('UID', uid.value, letter => this.#parts.send(letter, envelope)),
          ),
        )
      }
      default:
        return client.forward(command)
    }
  }

  #isSendFolder(name: string): boolean {
    return this.#folders.has(mailboxName(name))
  }

  /** The back end may read a send folder in it where we do not. */
  async #unread({ literal, tag, verb }: Gathered): Promise<boolean> {
    const { client } = this.#parts
    return (await client.skip(literal)) && client.reply(`${tag} BAD Syntax of ${verb}`)
  }

  /** The answer to a command whose message lies on the back end. */
  async #answer(command: Gathered, send: () => Promise<string>): Promise<boolean> {
    const { client, backEnd } = this.#parts
    if (!(await client.skip(command.literal))) return false
    if (!(await backEnd.quiet())) return false
    const words = await send().catch(error => answerWords(this.#failed(error)))
    return client.reply(`${command.tag} ${words}`)
  }

  async #append(command: Gathered, rest: string): Promise<boolean> {
    const { client, backEnd, maxSize } = this.#parts
    const { literal, tag } = command
    const said = literal && appendArguments(rest)
    // A draft is kept where it was put, by the back end, and is not sent.
    if (said?.flags.some(flag => flag.toLowerCase() === '\\draft')) return client.forward(command)
    if (!(await backEnd.quiet())) return false
    const refusal =
      !literal || !said
        ? cannot('a message is put into this folder whole, and alone')
        : literal.size > maxSize()
          ? tooLarge(maxSize())
          : undefined
    if (refusal || !literal || !said)
      return (
        (await client.skip(literal)) && client.reply(`${tag} ${answerWords(refusal ?? tryLater)}`)
      )
    client.invite(literal)
    return this.#received(tag, { size: literal.size, end: said.inUtf8 ? ')' : '' })
  }

  async #received(
    tag: string,
    { size, end }: { readonly size: number; readonly end: string },
  ): Promise<boolean> {
    const { client } = this.#parts
    const letter = new LetterIn()
    const room = roomFor(letter)
    try {
      if (!(await client.literal(size, room.write))) return false
      const last = await client.line()
      if (last === undefined) return false
      if (last.replace(/\r?\n$/, '') !== end) {
        const literal = literalOf(last)
        const words = answerWords(cannot('one message is taken at a time'))
        return (await client.skip(literal)) && client.reply(`${tag} ${words}`)
      }
      const outcome = room.failed
        ? this.#failed(room.failed)
        : await this.#filed(letter, {}).catch(error => this.#failed(error))
      return client.reply(`${tag} ${answerWords(outcome)}`)
    } finally {
      await letter.discard()
    }
  }

  /** With a copy in the folder for sent mail. */
  #filed(letter: LetterIn, envelope: GivenEnvelope): Promise<Submitted> {
    return this.#parts.send(letter, envelope, {
      work: () => this.#file(letter),
      isEachTime: false,
    })
  }

  async #file(letter: LetterIn): Promise<boolean> {
    const { backEnd, sentFolder } = this.#parts
    const literal = { size: letter.size, pieces: letter.read() }
    const said = await backEnd.own(
      `APPEND ${quotedMailbox(sentFolder)} (\\Seen)`,
      undefined,
      literal,
    )
    return this.#isDone(said, `filing what was sent in ${sentFolder}`)
  }

  async #copied(verb: string, set: string): Promise<string> {
    const by = verb.startsWith('UID') ? 'UID' : ''
    if (!verb.endsWith('MOVE'))
      return answerWords(await this.#ofMailbox(by, set, letter => this.#filed(letter, {})))
    const { canMove, send } = this.#parts
    if (!canMove) return answerWords(cannot('the mail server cannot move messages; copy it'))
    const finish = { work: () => this.#move(by, set), isEachTime: true }
    return answerWords(await this.#ofMailbox(by, set, letter => send(letter, {}, finish)))
  }

  /** It is a draft no more, and lies in the folder for sent mail. */
  async #move(by: string, set: string): Promise<boolean> {
    const { backEnd, sentFolder } = this.#parts
    await backEnd.own(`${by} STORE ${set} -FLAGS.SILENT (\\Draft)`.trim())
    const said = await backEnd.own(`${by} MOVE ${set} ${quotedMailbox(sentFolder)}`.trim(), line =>
      /^\* OK \[COPYUID /i.test(line) ? TO_US : undefined,
    )
    return this.#isDone(said, `moving what was sent to ${sentFolder}`)
  }

  /** By what the back end says; the operator is told of anything but OK. */
  #isDone(said: string | undefined, about: string): boolean {
    if (said?.startsWith('OK')) return true
    const words = said === undefined ? 'nothing any more' : said.slice(0, 200)
    this.#parts.trouble(`the back end says ${words}`, about)
    return false
  }

  /** A message of the selected mailbox. */
  async #ofMailbox(
    by: string,
    set: string,
    send: (letter: LetterIn) => Promise<Submitted>,
  ): Promise<Submitted> {
    const [, one, last = one] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(set) ?? []
    if (one === undefined || last !== one)
      return cannot('one message is taken at a time, by its number')
    const letter = new LetterIn()
    try {
      return (await this.#fetched(letter, by, one)) ?? (await send(letter))
    } finally {
      await letter.discard()
    }
  }

  /** Why it could not be read. */
  async #fetched(letter: LetterIn, by: string, set: string): Promise<Submitted | undefined> {
    const { backEnd, maxSize } = this.#parts
    const room = roomFor(letter)
    let size: number | undefined
    const said = await backEnd.own(
      `${by} FETCH ${set} (UID BODY.PEEK[])`.trim(),
      (line, literal) => {
        if (size !== undefined || literal === undefined || !isBodyOf(line, by, set))
          return undefined
        size = literal
        if (literal > maxSize()) return TO_US
        return {
          to: 'us',
          literal: bytes => {
            backEnd.pause()
            void room.write(Buffer.from(bytes)).then(() => backEnd.resume())
          },
        }
      },
    )
    await room.done()
    if (room.failed) return this.#failed(room.failed)
    if (said === undefined) return tryLater
    if (size === undefined) return cannot('there is no such message')
    if (size > maxSize()) return tooLarge(maxSize())
    return letter.size === size ? undefined : tryLater
  }

  #failed(error: unknown): Submitted {
    this.#parts.trouble(error, 'sending over IMAP')
    return tryLater
  }
}

/** RFC 9051 §7.5.2, as far as a server says it beside the body that was asked for. */
const FETCHED =
  /^\* (\d+) FETCH \((?:UID (\d+) |FLAGS \([^()"]*\) |MODSEQ \(\d+\) )*BODY\[\] ~?\{\d+\}\r?\n$/i

/** Whether it is the whole body of that message: others may be told at any time (NOTIFY, RFC 5465 §5.2). */
function isBodyOf(line: string, by: string, set: string): boolean {
  const [whole, number, uid] = FETCHED.exec(line) ?? []
  return whole !== undefined && Number(by === 'UID' ? uid : number) === Number(set)
}

/** A letter that is written in order; what fails is kept until the whole message is here, because its bytes are to be read all the same. */
function roomFor(letter: LetterIn) {
  let last = Promise.resolve()
  const room = {
    failed: undefined as unknown,
    write: (bytes: Buffer): Promise<void> => {
      last = last.then(async () => {
        if (room.failed) return
        await letter.write(bytes).catch((error: unknown) => {
          room.failed = error ?? new Error('it cannot be stored')
        })
      })
      return last
    },
    done: () => last,
  }
  return room
}

/** `(FROM "a@x" RECIPIENT "b@y" RECIPIENT c@z)`, or nothing; undefined for anything else. Options that are not known are not looked at. */
export function envelopeOf(text: string): GivenEnvelope | undefined {
  if (text.trim() === '') return {}
  const inner = /^\((.*)\)$/.exec(text.trim())?.[1]
  if (inner === undefined) return undefined
  const recipients: string[] = []
  let sender: string | undefined
  for (let rest = inner; rest !== ''; ) {
    const [whole, option = ''] = /^([A-Za-z-]+) /.exec(rest) ?? []
    const value = whole === undefined ? undefined : astring(rest.slice(whole.length))
    if (!value) return undefined
    const address = normalForm(Buffer.from(value.value, 'latin1').toString('utf8'), 'NFC') ?? ''
    if (option.toUpperCase() === 'FROM') sender = address
    else if (option.toUpperCase() === 'RECIPIENT') recipients.push(address)
    else return undefined
    rest = value.rest
  }
  return { sender, recipients: recipients.length > 0 ? recipients : undefined }
}
