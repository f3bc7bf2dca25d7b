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
import { roomFor } from './room-for-letter.ts'
import { fetchInto, hasFlag, oneMessage, type Which } from './stored-letter.ts'

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
        const by = command.verb.startsWith('UID') ? 'UID ' : ''
        return this.#answerFor(command, { by, set: set.value }, which =>
          this.#copied(command.verb, which),
        )
      }
      case 'UID SENDMAIL':
      case 'UID SUBMIT': {
        const uid = astring(command.text)
        const envelope = uid && envelopeOf(uid.rest)
        if (!envelope || command.literal) return this.#unread(command)
        return this.#answerFor(command, { by: 'UID ', set: uid.value }, async which =>
          answerWords(await this.#ofMailbox(which, letter => this.#parts.send(letter, envelope))),
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
  async #answerFor(
    command: Gathered,
    { by, set }: { readonly by: Which['by']; readonly set: string },
    send: (which: Which) => Promise<string>,
  ): Promise<boolean> {
    const { client, backEnd } = this.#parts
    if (!(await client.skip(command.literal))) return false
    if (!(await backEnd.quiet())) return false
    const one = oneMessage(set)
    const words =
      typeof one === 'string'
        ? await send({ by, one }).catch(error => answerWords(this.#failed(error)))
        : answerWords(one)
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

  async #copied(verb: string, which: Which): Promise<string> {
    if (!verb.endsWith('MOVE'))
      return answerWords(await this.#ofMailbox(which, letter => this.#filed(letter, {})))
    const { canMove, send } = this.#parts
    if (!canMove) return answerWords(cannot('the mail server cannot move messages; copy it'))
    const finish = { work: () => this.#move(which), isEachTime: true }
    return answerWords(await this.#ofMailbox(which, letter => send(letter, {}, finish)))
  }

  /** It is a draft no more, and lies in the folder for sent mail; where it cannot be moved, it is what it was. */
  async #move(which: Which): Promise<boolean> {
    const { backEnd, sentFolder } = this.#parts
    const { by, one } = which
    const isDraft = await hasFlag(backEnd, which, '\\Draft')
    if (isDraft) await backEnd.own(`${by}STORE ${one} -FLAGS.SILENT (\\Draft)`)
    const said = await backEnd.own(`${by}MOVE ${one} ${quotedMailbox(sentFolder)}`, line =>
      /^\* OK \[COPYUID /i.test(line) ? TO_US : undefined,
    )
    const isMoved = this.#isDone(said, `moving what was sent to ${sentFolder}`)
    if (!isMoved && isDraft) await backEnd.own(`${by}STORE ${one} +FLAGS.SILENT (\\Draft)`)
    return isMoved
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
    which: Which,
    send: (letter: LetterIn) => Promise<Submitted>,
  ): Promise<Submitted> {
    const letter = new LetterIn()
    try {
      const refusal = await fetchInto(letter, which, this.#parts)
      return refusal ?? (await send(letter))
    } finally {
      await letter.discard()
    }
  }

  #failed(error: unknown): Submitted {
    this.#parts.trouble(error, 'sending over IMAP')
    return tryLater
  }
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
