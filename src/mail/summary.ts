// Reads a message as it streams by and keeps just enough of it for a judgement: at most 1 MiB, whatever its size. Of what follows the names
// of attachments are read, and nothing else.

import { isUtf8 } from 'node:buffer'
import type { AttachedArchive } from '../model/attached-archive.ts'
import { isAscii } from '../model/mail-address.ts'
import type { MessageSummary } from '../model/message.ts'
import { answeredIds } from './answered-ids.ts'
import { asSent, both, type OneReading } from './as-sent.ts'
import { ADDRESS_STEPS, authorsOf } from './authors.ts'
import { fingerprint } from './fingerprint.ts'
import { Gathered } from './gathered.ts'
import { type Field, fieldValue, parseHeader } from './header.ts'
import { STORED } from './header-end.ts'
import { linksIn, MAX_HOSTS } from './link-hosts.ts'
import type { FoldWay } from './long-lines.ts'
import { decodeWords } from './mime/encoded-words.ts'
import { LaterParts } from './mime/later-parts.ts'
import { walkMime } from './mime/walk.ts'
import type { Walked } from './mime/walked.ts'
import { namedAddresses } from './named-addresses.ts'
import { ReadingBudget } from './reading-budget.ts'
import { addressAsName, unclearFrom } from './unclear-from.ts'

// Spam says what it has to say early; parts beyond this are stored and sent, but not read here.
const KEPT = 1024 * 1024
const MAX_STAMPS = 5
const MAX_REPLY_TO = 2
/** Wanted addresses are looked for in so much of a message as it came, of its text decoded and of its files decoded: no further, for it
 * takes long. */
const NAMED_IN = 128 * 1024

export type SummarizerSetup = {
  /** Addresses in lower case; those that the message names are told of. */
  readonly wanted?: ReadonlySet<string> | undefined
  /** Bytes that are read. */
  readonly most?: number
  /** How its long lines are folded when it is sent: it is read as that, too. */
  readonly folds?: FoldWay | 'never'
}

type ToRead = {
  readonly sender: string
  readonly size: number
  readonly cut: boolean
  readonly budget: ReadingBudget
}

export class Summarizer {
  readonly #wanted: ReadonlySet<string>
  readonly #most: number
  readonly #folds: FoldWay | 'never'
  /** The only chunk so far: most messages are one, and are read without a copy. */
  #whole: Uint8Array | undefined
  readonly #kept = new Gathered()
  /** The kept beginning of a longer message. */
  #beginning: Buffer | undefined
  #size = 0
  #archives: readonly AttachedArchive[] = []
  #boundaries: ReadonlySet<string> = new Set()

  constructor({ wanted = new Set(), most = KEPT, folds = 'ours' }: SummarizerSetup = {}) {
    this.#wanted = wanted
    this.#most = most
    this.#folds = folds
  }

  /** The part of this chunk that is not kept. A caller that writes no more from then on gives the message's size to `finish`. */
  write(chunk: Uint8Array): Uint8Array | undefined {
    this.#size += chunk.length
    if (this.#size === chunk.length && fills(chunk) && chunk.length <= this.#most) {
      this.#whole = chunk
      return undefined
    }
    this.#gather()
    const part = chunk.subarray(0, this.#most - this.#kept.length)
    this.#kept.add(part)
    return part.length < chunk.length ? chunk.subarray(part.length) : undefined
  }

  #gather(): void {
    if (this.#whole === undefined) return
    this.#kept.add(this.#whole)
    this.#whole = undefined
  }

  #bytes(): Buffer {
    if (this.#whole)
      return Buffer.from(this.#whole.buffer, this.#whole.byteOffset, this.#whole.length)
    return this.#kept.bytes()
  }

  /** Call once, after the last chunk. `sender` is the envelope sender; `size` is in bytes. */
  finish(sender: string, size = this.#size): MessageSummary {
    const raw = this.#bytes()
    this.#whole = undefined
    this.#kept.drop()
    if (size > raw.length) this.#beginning = raw
    const budget = new ReadingBudget()
    const given = { sender, size, cut: size > raw.length }
    const kept = this.#read(raw, { ...given, budget })
    const sent = this.#folds === 'never' ? undefined : asSent(raw, this.#folds)
    const { summary, archives, boundaries } = sent
      ? both(kept, this.#read(sent, { ...given, budget: budget.again() }))
      : kept
    this.#archives = archives
    this.#boundaries = boundaries
    return summary
  }

  #read(raw: Buffer, { sender, size, cut, budget }: ToRead): OneReading {
    const header = parseHeader(raw, STORED)
    const { fields } = header
    const attached = this.#wanted.size === 0 ? 0 : NAMED_IN
    const walked = walkMime(raw, header, {
      cut,
      budget,
      attached,
      hasNullSender: sender === '',
    })
    const { text, attachments, unreadable } = walked
    const links = linksIn(text)
    if (links.tooMany) unreadable.add('too-many-links')
    const addresses = new ReadingBudget(ADDRESS_STEPS)
    const authors = authorsOf(fields, 'from', addresses)
    const asName = addressAsName(fields, authors)
    const messageId = fieldValue(fields, 'message-id')
    const listId = fieldValue(fields, 'list-id')
    const stamps = stampsOf(fields)
    const answers = fields.some(({ name }) => name === 'in-reply-to' || name === 'references')
    const answered = answeredIds(fields)
    const replyTo = authorsOf(fields, 'reply-to', addresses).addresses.slice(0, MAX_REPLY_TO)
    const named = this.#named(raw, fields, walked)
    const submitted = fieldValue(fields, 'auto-submitted') ?? 'no'
    const summary: MessageSummary = {
      size,
      subject: decodeWords(shown(fieldValue(fields, 'subject') ?? '')).slice(0, 300),
      from: authors.addresses,
      ...(authors.clear ? {} : { unclearFrom: unclearFrom(fields, authors) }),
      ...(authors.byName ? { unclearByName: true } : {}),
      ...(asName ? { addressAsName: asName } : {}),
      ...(fields.some(({ name }) => name === 'from') ? {} : { noFrom: true }),
      ...(messageId === undefined ? {} : { messageId }),
      hasDate: fieldValue(fields, 'date') !== undefined,
      ...(listId === undefined ? {} : { listId }),
      ...(fields.some(({ name }) => name === 'dkim-signature') ? { signed: true } : {}),
      ...(isReceipt(fieldValue(fields, 'content-type') ?? '') ? { receipt: true } : {}),
      ...(stamps.length === 0 ? {} : { stamps }),
      ...(answers ? { answers } : {}),
      ...(answered.length === 0 ? {} : { answered }),
      ...(replyTo.length === 0 ? {} : { replyTo }),
      ...(named.length === 0 ? {} : { named }),
      automatic: sender === '' || !/^no\b/i.test(submitted),
      ...(/^no\b/i.test(submitted) ? {} : { autoSubmitted: true }),
      hops: fields.filter(field => field.name === 'received').length,
      linkHosts: [...links.hosts].slice(0, MAX_HOSTS),
      attachments,
      ...(unreadable.size === 0 ? {} : { unreadable: [...unreadable] }),
      ...foreignCharset(walked),
      ...lockedIn(walked),
      text,
      fingerprint: fingerprint(text),
      utf8Header: !fields.every(field => isAscii(field.value)),
    }
    const { archives, boundaries } = walked
    return { summary, archives, boundaries, stumps: links.stumps }
  }

  /** Attached archives, for the lister of archives; known when the summary is finished. */
  get archives(): readonly AttachedArchive[] {
    return this.#archives
  }

  /** The reader of the bytes behind the kept ones; call once, after `finish`. */
  later(): LaterParts {
    const later = new LaterParts(this.#boundaries, this.#folds)
    if (this.#beginning) later.pass(this.#beginning)
    this.#beginning = undefined
    return later
  }

  /** As it came, and decoded: words of the header, and parts, may be in base64. */
  #named(raw: Buffer, fields: readonly Field[], walked: Walked): readonly string[] {
    if (this.#wanted.size === 0) return []
    const words = fields.filter(({ value }) => value.includes('=?')).map(({ value }) => value)
    const shown = [
      raw.toString('utf8', 0, NAMED_IN),
      decodeWords(words.join('\n').slice(0, NAMED_IN)),
      walked.text.slice(0, NAMED_IN),
      walked.attached,
    ]
    return namedAddresses(shown.join('\n'), address => this.#wanted.has(address))
  }
}

const stampsOf = (fields: readonly Field[]): string[] =>
  fields
    .filter(({ name }) => name === 'x-hashcash' || name === 'hashcash')
    .slice(0, MAX_STAMPS)
    .map(({ value }) => value.slice(0, 300))

/** Text of a field that is not encoded: UTF-8 where it can be (RFC 6532), else a byte is a character. */
function shown(value: string): string {
  if (isAscii(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : value
}

const foreignCharset = ({ charset }: Walked): Pick<MessageSummary, 'unlisted'> =>
  charset === undefined ? {} : { unlisted: { 'character-set': charset } }

const lockedIn = ({ locked }: Walked): Pick<MessageSummary, 'encryptedArchive' | 'locked'> =>
  locked === undefined ? {} : { encryptedArchive: true, ...(locked === '' ? {} : { locked }) }

/** Whether the chunk is at least half of its buffer: keeping it keeps little else in memory. */
const fills = ({ buffer, length }: Uint8Array): boolean => buffer.byteLength <= 2 * length

const isReceipt = (type: string): boolean =>
  /^multipart\/report\b.*;\s{0,9}report-type\s{0,9}=\s{0,9}"?disposition-notification\b/i.test(type)
