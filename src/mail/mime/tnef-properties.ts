// The properties in an attribute of a winmail.dat ([MS-OXTNEF] §2.1.3.4): of the message, or of one attachment.

export type Property = {
  readonly id: number
  /** UTF-16. */
  readonly isWide: boolean
  readonly isObject: boolean
  readonly bytes: Buffer
}

/** Properties, and values of one. */
const MOST = 5000
/** Bytes of a value of each type that has a fixed size, padded to four. */
const SIZES: Readonly<Record<number, number>> = {
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  0xa: 4,
  0xb: 4,
  0x14: 8,
  0x40: 8,
  0x48: 16,
}
const [STRING8, UNICODE, OBJECT, BINARY] = [0x1e, 0x1f, 0x0d, 0x102]
const VARIED = new Set([STRING8, UNICODE, OBJECT, BINARY])
const MULTIPLE = 0x1000
const NAMED = 0x8000
const GUID = 16

/**
 * Calls `each` for every value without a fixed size, and one that is cut short, until it says false. False when it did, or they do not end
 * where they should.
 */
export function eachProperty(data: Buffer, each: (property: Property) => boolean): boolean {
  if (data.length < 4) return false
  const count = data.readUInt32LE(0)
  let at = 4
  for (let i = 0; i < count; i++) {
    if (i >= MOST || at + 4 > data.length) return false
    const type = data.readUInt16LE(at)
    const id = data.readUInt16LE(at + 2)
    at += 4
    if (id >= NAMED) at = behindName(data, at)
    const kind = type & ~MULTIPLE
    const fixed = SIZES[kind]
    const isVaried = VARIED.has(kind)
    let values = 1
    if (isVaried || type !== kind) {
      if (at + 4 > data.length) return false
      values = data.readUInt32LE(at)
      at += 4
    }
    if (values > MOST || (fixed === undefined && !isVaried)) return false
    if (fixed !== undefined) {
      at += fixed * values
      continue
    }
    for (let value = 0; value < values; value++) {
      if (at + 4 > data.length) return false
      const length = data.readUInt32LE(at)
      const bytes = data.subarray(at + 4, at + 4 + length)
      const isRead = each({ id, isWide: kind === UNICODE, isObject: kind === OBJECT, bytes })
      if (!isRead || bytes.length < length) return false
      at += 4 + length + (-length & 3)
    }
  }
  return at <= data.length + 3
}

/** A GUID, and a number or a name. */
function behindName(data: Buffer, from: number): number {
  const at = from + GUID
  if (at + 8 > data.length) return data.length
  if (data.readUInt32LE(at) === 0) return at + 8
  const length = data.readUInt32LE(at + 4)
  return at + 8 + length + (-length & 3)
}
