// RAR archives, written by hand: they cannot be made with free software. 7-Zip and libarchive read them.

import { crc32 } from 'node:zlib'

/** RAR 4: marker, main header, one stored file each, end. `locked`: all that follows the main header would be encrypted. */
export function oldRar(files: readonly string[], locked = false): Buffer {
  const file = (name: string) => {
    const data = Buffer.from(`what is in ${name}`)
    const rest = Buffer.alloc(25)
    rest.writeUInt32LE(data.length, 0)
    rest.writeUInt32LE(data.length, 4)
    rest.writeUInt8(2, 8)
    rest.writeUInt32LE(crc32(data), 9)
    rest.writeUInt8(20, 17)
    rest.writeUInt8(0x30, 18)
    rest.writeUInt16LE(Buffer.byteLength(name), 19)
    return oldBlock({ type: 0x74, flags: 0x8000 }, Buffer.concat([rest, Buffer.from(name)]), data)
  }
  return Buffer.concat([
    Buffer.from('Rar!\x1a\x07\x00', 'latin1'),
    oldBlock({ type: 0x73, flags: locked ? 0x80 : 0 }, Buffer.alloc(6)),
    ...files.map(file),
    oldBlock({ type: 0x7b, flags: 0x4000 }, Buffer.alloc(0)),
  ])
}

export function oldBlock(
  { type, flags }: { readonly type: number; readonly flags: number },
  rest: Buffer,
  data = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt8(type, 0)
  head.writeUInt16LE(flags, 1)
  head.writeUInt16LE(7 + rest.length, 3)
  const checked = Buffer.concat([head, rest])
  const crc = Buffer.alloc(2)
  crc.writeUInt16LE(crc32(checked) & 0xffff)
  return Buffer.concat([crc, checked, data])
}

/** RAR 5: marker, main header, stored files, end. */
export function newRar(files: readonly string[]): Buffer {
  const file = (name: string) => {
    const data = Buffer.from(`what is in ${name}`)
    const crc = Buffer.alloc(4)
    crc.writeUInt32LE(crc32(data))
    const title = Buffer.from(name)
    const fields = [2, 2, ...number(data.length), 4, ...number(data.length), 0]
    const rest = [crc, Buffer.from([0, 1, ...number(title.length)]), title]
    return newBlock(fields, Buffer.concat(rest), data)
  }
  return Buffer.concat([NEW_START, newBlock([1, 0, 0]), ...files.map(file), newBlock([5, 0, 0])])
}

/** RAR 5 with encrypted headers: after their encryption header nothing can be read. */
export const lockedRar = (): Buffer =>
  Buffer.concat([
    NEW_START,
    newBlock([4, 0, 0, 0, 15], Buffer.alloc(16, 7)),
    Buffer.alloc(200, 0x5a),
  ])

export const NEW_START = Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1')

/** Seven bits of each byte, the lowest first. */
export const number = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...number(value >> 7)]

export function newBlock(
  fields: readonly number[],
  rest = Buffer.alloc(0),
  data = Buffer.alloc(0),
): Buffer {
  const body = Buffer.concat([Buffer.from(fields), rest])
  const checked = Buffer.concat([Buffer.from(number(body.length)), body])
  const crc = Buffer.alloc(4)
  crc.writeUInt32LE(crc32(checked))
  return Buffer.concat([crc, checked, data])
}
