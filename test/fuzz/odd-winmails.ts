// A winmail.dat drawn at random: files by either of their names, in any order, beside properties of every kind; archives, messages and
// other winmail.dats among them.

import type { Random } from '../../src/simulation/population/random.ts'
import {
  ATTACH_DATA,
  attribute,
  begun,
  BINARY,
  content,
  HTML_BODY,
  LONG_NAME,
  messageIn,
  MIME_TAG,
  named,
  number,
  ofAttachment,
  ofMessage,
  property,
  STRING,
  titled,
  UNICODE,
  winmail,
  words,
} from '../support/winmail.ts'

export type PlantedWinmail = {
  readonly bytes: Buffer
  /** Names of programs in it, however deep. */
  readonly names: readonly string[]
  readonly archives: readonly Buffer[]
  readonly hosts: readonly string[]
}

type Drawing = {
  readonly luck: Random
  readonly archives: Readonly<Record<string, Buffer>>
  count: number
}

type File = Omit<PlantedWinmail, 'bytes'> & { readonly attributes: Buffer }

const NOTHING = { names: [], archives: [], hosts: [] }

export function oddWinmail(drawing: Drawing, depth = 0): PlantedWinmail {
  const { luck } = drawing
  const files = Array.from({ length: 1 + luck.below(3) }, () => oddFile(drawing, depth))
  const host = `h${drawing.count++}.example`
  const hasBody = luck.below(3) === 0
  const html = property(HTML_BODY, BINARY, Buffer.from(`<a href="http://${host}/">`))
  return {
    bytes: winmail(...(hasBody ? [ofMessage(html)] : []), ...files.map(one => one.attributes)),
    names: files.flatMap(one => one.names),
    archives: files.flatMap(one => one.archives),
    hosts: [...(hasBody ? [host] : []), ...files.flatMap(one => one.hosts)],
  }
}

function oddFile(drawing: Drawing, depth: number): File {
  const { luck, archives } = drawing
  const stem = `file-${drawing.count++}`
  const kind = luck.below(depth < 3 ? 7 : 4)
  if (kind === 0) {
    const inner = `${stem}-in.exe`
    const letter = `From: a@b.example\r\nContent-Type: a/b; name=${inner}\r\n\r\nMZ`
    const attributes = attached(luck, `${stem}.eml`, Buffer.from(letter))
    return { ...NOTHING, attributes, names: [inner] }
  }
  if (kind <= 2) {
    const all = Object.entries(archives)
    const [extension, bytes] = all[luck.below(all.length)] as (typeof all)[number]
    const attributes = attached(luck, `${stem}.${extension}`, bytes)
    return { ...NOTHING, attributes, archives: [bytes] }
  }
  if (kind === 3) {
    const large = Buffer.alloc(luck.below(30_000), 'MZ and more of it')
    return { ...NOTHING, attributes: attached(luck, `${stem}.exe`, large), names: [`${stem}.exe`] }
  }
  const inner = oddWinmail(drawing, depth + 1)
  const attributes =
    kind === 4 ? messageIn(inner.bytes) : attached(luck, `${stem}.dat`, inner.bytes)
  return { ...inner, attributes }
}

function attached(luck: Random, name: string, bytes: Buffer): Buffer {
  const [title, long] = [luck.below(3) > 0, luck.below(3) > 0]
  const before = Array.from({ length: luck.below(4) }, () => otherProperty(luck))
  const isLong = long || !title
  const isInside = isLong && luck.below(5) === 0
  const all = [
    ...before,
    ...(luck.below(4) === 0 ? [property(MIME_TAG, STRING, named('application/octet-stream'))] : []),
    longName(luck, name),
    ...(isInside ? [property(ATTACH_DATA, BINARY, bytes)] : []),
  ]
  const pieces = [
    ...(title ? [titled(name)] : []),
    ...(isInside ? [] : [content(bytes)]),
    ...(isLong ? [ofAttachment(...all)] : []),
  ]
  if (luck.below(3) === 0) pieces.reverse()
  return Buffer.concat([begun(), ...pieces, ...(luck.below(9) === 0 ? [modified()] : [])])
}

const modified = () => attribute(0x00038013, Buffer.alloc(14))

const longName = (luck: Random, name: string): Buffer =>
  luck.below(2) === 0
    ? property(LONG_NAME, UNICODE, Buffer.from(`${name}\0`, 'utf16le'))
    : property(LONG_NAME, STRING, named(name))

/** Of a kind that is no name. */
function otherProperty(luck: Random): Buffer {
  const id = 0x3a00 + luck.below(0x100)
  const kind = luck.below(4)
  if (kind === 0) return number(id, luck.below(1000))
  if (kind === 1) return words(id * 0x10000 + 0x40, 1, 2)
  if (kind === 2) return property(id, BINARY, Buffer.from('12345'))
  return words(id * 0x10000 + 0x1003, 2, 7, 8)
}
