// A winmail.dat ([MS-OXTNEF]: Transport Neutral Encapsulation Format), which Outlook, Evolution and KMail open without being asked: its files
// with their names and bytes, and the texts of the message. A walk over its attributes, each with its length in front: what does not add up
// to its end is said to be unreadable.

import { decodeCharset } from './charset.ts'
import { eachProperty, type Property } from './tnef-properties.ts'

export type TnefFile = {
  /** All that may be meant. */
  readonly names: readonly string[]
  /** As written, if any is. */
  readonly types: readonly string[]
  readonly bytes: Buffer
  /** The winmail.dat ends before it does. */
  readonly short: boolean
}

export type Tnef = {
  readonly files: readonly TnefFile[]
  /** Names of files that are not in it. */
  readonly names: readonly string[]
  /** Plain text and HTML. */
  readonly texts: readonly string[]
  /** PR_RTF_COMPRESSED. */
  readonly rtf: readonly Buffer[]
  /** It was read to its end. */
  readonly whole: boolean
}

/** False when there is no work left: then no more is read. */
export type Take = (steps: number) => boolean

const SIGNATURE = 0x223e9f78
/** By their number alone, whatever their type says: tnef(1) does so. */
const [BODY, TITLE, DATA, TRANSPORT_NAME] = [0x800c, 0x8010, 0x800f, 0x9001]
const [RENDERING, MESSAGE, ATTACHMENT, CODE_PAGE] = [0x9002, 0x9003, 0x9005, 0x9007]
/** Level, number and length, and the checksum behind the data. */
const HEAD = 9
const CHECKSUM = 2
/** Attributes that are looked at. */
const MOST = 5000
/** Work of one attribute or property, and of a character of a text. */
const STEPS = 200
const TEXT_STEPS = 8
/** PR_ATTACH_LONG_FILENAME, PR_ATTACH_FILENAME, PR_DISPLAY_NAME, PR_ATTACH_TRANSPORT_NAME. */
const NAMES = new Set([0x3707, 0x3704, 0x3001, 0x370c])
/** PR_ATTACH_MIME_TAG; PR_ATTACH_DATA_BIN, or _OBJ. */
const [MIME_TAG, ATTACH_DATA] = [0x370e, 0x3701]
/** PR_BODY, PR_BODY_HTML. */
const TEXTS = new Set([0x1000, 0x1013])
const RTF = 0x1009
/** In front of an object: of a message that is a TNEF (§2.1.3.4), of others what its kind has. */
const IID = 16

export const isTnef = (bytes: Buffer): boolean =>
  bytes.length >= 6 && bytes.readUInt32LE(0) === SIGNATURE

export function readTnef(bytes: Buffer, take: Take): Tnef {
  const reader = new TnefReader(take)
  const whole = reader.read(bytes)
  reader.endFile()
  const { files, names, texts, rtf } = reader
  return { files, names, texts, rtf, whole }
}

type Open = {
  readonly names: string[]
  readonly types: string[]
  readonly contents: Pick<TnefFile, 'bytes' | 'short'>[]
}

class TnefReader {
  readonly files: TnefFile[] = []
  readonly names: string[] = []
  readonly texts: string[] = []
  readonly rtf: Buffer[] = []
  readonly #take: Take
  #charset = 'windows-1252'
  #open: Open = { names: [], types: [], contents: [] }

  constructor(take: Take) {
    this.#take = take
  }

  /** False when it does not add up. */
  read(bytes: Buffer): boolean {
    let at = 6
    for (let i = 0; i < MOST && at + HEAD <= bytes.length; i++) {
      if (!this.#take(STEPS)) return false
      const from = at + HEAD
      const to = from + bytes.readUInt32LE(at + 5)
      const data = bytes.subarray(from, to)
      const isWhole = this.#attribute(bytes.readUInt16LE(at + 1), data, to > bytes.length)
      if (!isWhole || to > bytes.length) return false
      at = to + CHECKSUM
    }
    return at >= bytes.length
  }

  /** What was said so far is one file, or several for some reader. */
  endFile(): void {
    const { names, types, contents } = this.#open
    if (contents.length === 0) this.names.push(...names)
    for (const one of contents) this.files.push({ ...one, names, types })
    this.#open = { names: [], types: [], contents: [] }
  }

  #attribute(kind: number, data: Buffer, short: boolean): boolean {
    if (kind === RENDERING) this.endFile()
    else if (kind === CODE_PAGE && data.length >= 4) this.#charset = `cp${data.readUInt32LE(0)}`
    else if (kind === TITLE || kind === TRANSPORT_NAME) this.#addName(data, this.#charset)
    else if (kind === DATA) this.#open.contents.push({ bytes: data, short })
    else if (kind === BODY) this.#addText(data, this.#charset)
    else if (kind === ATTACHMENT || kind === MESSAGE)
      return eachProperty(data, one => this.#take(STEPS) && this.#property(one, short))
    return true
  }

  /** False when nothing more is to be read. */
  #property({ id, isWide, isObject, bytes }: Property, short: boolean): boolean {
    const charset = isWide ? 'utf-16le' : this.#charset
    if (NAMES.has(id)) this.#addName(bytes, charset)
    else if (id === MIME_TAG) this.#open.types.push(this.#text(bytes, charset))
    else if (id === ATTACH_DATA) {
      const isBehind = isObject && !isTnef(bytes)
      this.#open.contents.push({ bytes: isBehind ? bytes.subarray(IID) : bytes, short })
    } else if (TEXTS.has(id)) this.#addText(bytes, charset)
    else if (id === RTF) this.rtf.push(bytes)
    return true
  }

  #addName(data: Buffer, charset: string): void {
    this.#open.names.push(this.#text(data, charset))
  }

  /** It ends at the first NUL. */
  #text(data: Buffer, charset: string): string {
    if (!this.#take(data.length * TEXT_STEPS)) return ''
    return (decodeCharset(data, charset).split('\0', 1)[0] ?? '').trim()
  }

  #addText(data: Buffer, charset: string): void {
    if (this.#take(data.length * TEXT_STEPS)) this.texts.push(decodeCharset(data, charset))
  }
}
