// A winmail.dat ([MS-OXTNEF]) as Outlook writes it: with files, texts, and messages in it.

const [TITLE, RENDERING, DATA] = [0x00018010, 0x00069002, 0x0006800f]
const [MESSAGE, ATTACHMENT] = [0x00069003, 0x00069005]
/** Types of properties. */
export const [NUMBER, STRING, UNICODE, OBJECT, BINARY] = [0x03, 0x1e, 0x1f, 0x0d, 0x102]
/** PR_ATTACH_LONG_FILENAME, PR_ATTACH_METHOD, PR_ATTACH_DATA, PR_ATTACH_MIME_TAG; PR_BODY, PR_RTF_COMPRESSED, PR_BODY_HTML. */
export const [LONG_NAME, METHOD, ATTACH_DATA, MIME_TAG] = [0x3707, 0x3705, 0x3701, 0x370e]
export const [PLAIN_BODY, RTF_BODY, HTML_BODY] = [0x1000, 0x1009, 0x1013]
const IS_MESSAGE = 5
const IID_MESSAGE = Buffer.from('0703020000000000c000000000000046', 'hex')

export const words = (...all: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * all.length)
  for (const [i, word] of all.entries()) bytes.writeUInt32LE(word >>> 0, 4 * i)
  return bytes
}

export const named = (name: string): Buffer => Buffer.from(`${name}\0`, 'latin1')

export function attribute(kind: number, data: Buffer, level = 2): Buffer {
  const sum = Buffer.alloc(2)
  sum.writeUInt16LE(data.reduce((all, byte) => all + byte, 0) & 0xffff)
  return Buffer.concat([Buffer.from([level]), words(kind, data.length), data, sum])
}

export const property = (id: number, type: number, value: Buffer): Buffer =>
  Buffer.concat([
    words(id * 0x10000 + type, 1, value.length),
    value,
    Buffer.alloc(-value.length & 3),
  ])

export const number = (id: number, value: number): Buffer => words(id * 0x10000 + NUMBER, value)

const properties = (kind: number, all: readonly Buffer[], level = 2): Buffer =>
  attribute(kind, Buffer.concat([words(all.length), ...all]), level)

export const titled = (name: string): Buffer => attribute(TITLE, named(name))
export const begun = (): Buffer => attribute(RENDERING, Buffer.alloc(14))
export const content = (bytes: Buffer): Buffer => attribute(DATA, bytes)
export const ofAttachment = (...all: readonly Buffer[]): Buffer => properties(ATTACHMENT, all)
export const ofMessage = (...all: readonly Buffer[]): Buffer => properties(MESSAGE, all, 1)

export const winmail = (...all: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('789f3e220100', 'hex'),
    attribute(0x00089006, words(0x00010000), 1),
    attribute(0x00069007, words(1252, 0), 1),
    ...all,
  ])

export const fileIn = (name: string, bytes: Buffer): Buffer =>
  Buffer.concat([
    begun(),
    titled(name),
    content(bytes),
    ofAttachment(property(LONG_NAME, STRING, named(name))),
  ])

/** As Outlook attaches a message: an object, and that is a winmail.dat. */
export const messageIn = (inner: Buffer): Buffer =>
  Buffer.concat([
    begun(),
    titled('A letter'),
    ofAttachment(
      number(METHOD, IS_MESSAGE),
      property(ATTACH_DATA, OBJECT, Buffer.concat([IID_MESSAGE, inner])),
    ),
  ])
