// Archives that were made to hurt whoever lists them, each by construction, none over a megabyte: what a stranger can send.

import { spawnSync } from 'node:child_process'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { newBlock, NEW_START, number, oldBlock } from './rar-files.ts'

const MIB = 1024 * 1024
const SECTOR = 2048

/** Every record of every folder is a folder again, of as many records: four hundred of them, thirty thousand each; and that fifteen times. */
export function isoInItself(): Buffer {
  const image = Buffer.alloc(900_000 - (900_000 % SECTOR))
  const first = 32
  const record = (sector: number): Buffer => {
    const one = Buffer.alloc(34)
    one[0] = 34
    one.writeUInt32LE(sector, 2)
    one.writeUInt32LE(image.length - sector * SECTOR, 10)
    one[25] = 2
    one[32] = 1
    one[33] = 0x41
    return one
  }
  for (let descriptor = 16; descriptor < 31; descriptor++) {
    const at = descriptor * SECTOR
    image.write('\x01CD001\x01', at, 'latin1')
    image.writeUInt32LE(image.length / SECTOR, at + 80)
    image.writeUInt16LE(SECTOR, at + 128)
    record(first).copy(image, at + 156)
  }
  image.write('\xffCD001\x01', 31 * SECTOR, 'latin1')
  const folders = image.length / SECTOR - first
  let n = 0
  for (let sector = first; sector < first + folders; sector++)
    for (let at = 0; at + 34 <= SECTOR; at += 34)
      record(first + folders - 1 - (n++ % folders)).copy(image, sector * SECTOR + at)
  return image
}

/** A thousand files, each of which says that hundreds of thousands of records before it belong to it. */
export function rarOfRecords(): Buffer {
  const before = Buffer.alloc(900_000, 1)
  const file = newBlock([2, 1, ...number(900_000), 0, 0, 0, 0, 0, 1, 0x61])
  return Buffer.concat([
    NEW_START,
    newBlock([1, 0, 0]),
    newBlock([3, 2, ...number(before.length)], Buffer.alloc(0), before),
    ...Array.from({ length: 1500 }, () => file),
  ])
}

/** A hundred thousand headers with nothing in them. */
export const rarOfHeaders = (): Buffer =>
  Buffer.concat([
    Buffer.from('Rar!\x1a\x07\x00', 'latin1'),
    oldBlock({ type: 0x73, flags: 0 }, Buffer.alloc(6)),
    ...Array.from({ length: 130_000 }, () => oldBlock({ type: 0x7a, flags: 0 }, Buffer.alloc(0))),
  ])

export type ZipFile = {
  readonly name: string | Buffer
  readonly data: Buffer
  /** 8 where `data` is deflated already. */
  readonly method?: number
  /** What `data` unpacks to, for its sum and its size; without it they are those of `data`. */
  readonly content?: Buffer
  /** Bits of its general purpose flag. */
  readonly flags?: number
}

function zipHeader({ name, data, method = 0, flags = 0, content = data }: ZipFile): Buffer {
  const bytes = Buffer.from(name)
  const head = Buffer.alloc(26)
  head.writeUInt16LE(20, 0)
  head.writeUInt16LE(flags, 2)
  head.writeUInt16LE(method, 4)
  head.writeUInt32LE(crc32(content), 10)
  head.writeUInt32LE(data.length, 14)
  head.writeUInt32LE(content.length, 18)
  head.writeUInt16LE(bytes.length, 22)
  return head
}

/** As it stands: nothing is checked, and `directory` may say of the files what it likes. */
export function zipOf(files: readonly ZipFile[], directory: readonly ZipFile[] = files): Buffer {
  const locals = files.map(file =>
    Buffer.concat([Buffer.from('PK\x03\x04'), zipHeader(file), Buffer.from(file.name), file.data]),
  )
  let at = 0
  const offsets = locals.map(local => {
    at += local.length
    return at - local.length
  })
  const entries = directory.map((file, i) => {
    const head = Buffer.alloc(46)
    head.write('PK\x01\x02')
    head.writeUInt16LE(20, 4)
    zipHeader(file).copy(head, 6)
    // No comment, no attributes; where it stands.
    head.fill(0, 30)
    head.writeUInt32LE(offsets[Math.min(i, offsets.length - 1)] ?? 0, 42)
    return Buffer.concat([head, Buffer.from(file.name)])
  })
  const all = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(entries.length & 0xffff, 8)
  end.writeUInt16LE(entries.length & 0xffff, 10)
  end.writeUInt32LE(all.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, all, end])
}

const stored = (name: string, text = name): ZipFile => ({ name, data: Buffer.from(text) })

/** Twenty thousand files that are all the same one. */
export const zipOverlapping = (): Buffer =>
  zipOf(
    [{ name: 'f', data: deflateRawSync(Buffer.alloc(MIB)), method: 8 }],
    Array.from({ length: 17_000 }, (_, i) => ({
      name: `f${i}`,
      data: Buffer.alloc(0),
      method: 8,
    })),
  )

export const zipOfMany = (): Buffer =>
  zipOf(Array.from({ length: 9000 }, (_, i) => stored(`${i}`, '')))

/** So many in one another. */
export function zipInZip(depth: number, innermost: Buffer, name = 'inside.zip'): Buffer {
  let zip = innermost
  for (let i = 0; i < depth; i++) zip = zipOf([{ name, data: zip }])
  return zip
}

export const zipOfZips = (): Buffer =>
  zipOf(
    Array.from({ length: 1500 }, (_, i) => ({
      name: `${i}.zip`,
      data: zipOf([stored(`inside-${i}.txt`)]),
    })),
  )

/** Its content is a gibibyte, of which the directory says nothing. */
export const zipBomb = (): Buffer =>
  zipOf([
    { name: 'bomb.zip', data: deflateRawSync(Buffer.alloc(256 * MIB), { level: 9 }), method: 8 },
    stored('behind.txt'),
  ])

const OCTAL = '00000000000\0'

/** `size` as it stands in the header, 12 bytes. */
export function tarHeader(name: string, size: string | Buffer = OCTAL, type = '0'): Buffer {
  const head = Buffer.alloc(512)
  head.write(name, 0, 'latin1')
  head.write('0000644\x000000000\x000000000\0', 100, 'latin1')
  Buffer.from(size as string, 'latin1').copy(head, 124)
  head.write(OCTAL, 136, 'latin1')
  head.write(type, 156, 'latin1')
  head.write('ustar\x0000', 257, 'latin1')
  head.fill(' ', 148, 156)
  const sum = head.reduce((all, byte) => all + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return head
}

/** Sizes that are negative, or beyond anything. */
export const tarsOfNumbers = (): Buffer[] => {
  const binary = (byte: number, first = 0x80) => {
    const size = Buffer.alloc(12, byte)
    size[0] = first
    return size
  }
  return [binary(0xff, 0xff), binary(0x7f), binary(0xff), Buffer.from('77777777777\0')].flatMap(
    size =>
      ['0', 'L', 'K', 'x', 'g', 'S'].map(type =>
        Buffer.concat([
          tarHeader('first.txt'),
          tarHeader('second.txt', size, type),
          Buffer.alloc(4096, 0x39),
        ]),
      ),
  )
}

/** Half a million empty files, packed into some kilobytes. */
export function tarOfHeaders(): Buffer {
  const head = tarHeader('again.txt')
  const part = gzipSync(Buffer.concat(Array.from({ length: 32_768 }, () => head)), { level: 9 })
  return Buffer.concat(Array.from({ length: 16 }, () => part))
}

export function gzipInGzip(depth: number, innermost: Buffer): Buffer {
  let packed = innermost
  for (let i = 0; i < depth; i++) packed = gzipSync(packed)
  return packed
}

/** A list of four thousand million files. */
export function sevenZipOfMany(): Buffer {
  const list = Buffer.from([1, 5, 0xf0, 0xff, 0xff, 0xff, 0xff, 0x11, 0x01, 0x00, 0x00, 0x00])
  const place = Buffer.alloc(20)
  place.writeBigUInt64LE(BigInt(list.length), 8)
  place.writeUInt32LE(crc32(list), 16)
  const crc = Buffer.alloc(4)
  crc.writeUInt32LE(crc32(place))
  return Buffer.concat([Buffer.from('7z\xbc\xaf\x27\x1c\x00\x04', 'latin1'), crc, place, list])
}

/** A small tar that asks for a dictionary of 512 MiB. */
export function xzOfMemory(): Buffer {
  const packed = packedBy('xz', tarHeader('a.txt'))
  // The header of the first block: its length, its one filter (LZMA2, one byte of properties: the dictionary), its sum.
  const [at, size] = [12, ((packed[12] as number) + 1) * 4]
  packed[at + 4] = 34
  packed.writeUInt32LE(crc32(packed.subarray(at, at + size - 4)), at + size - 4)
  return packed
}

function packedBy(program: string, input: Buffer): Buffer {
  const done = spawnSync(program, ['-9', '-c'], { input, maxBuffer: 64 * MIB })
  if (done.status !== 0) throw new Error(String(done.stderr))
  return done.stdout
}

/**
 * A tar of one file of four gibibytes, packed into some kilobytes. No limit but that of time ends it: to whoever counts in 32 bits it
 * is empty.
 */
export function bottomless(): Buffer {
  const zeros = packedBy('bzip2', Buffer.alloc(64 * MIB))
  return Buffer.concat([
    packedBy('bzip2', tarHeader('first.exe', '40000000000\0')),
    ...Array.from({ length: 70 }, () => zeros),
  ])
}

export const HOSTILE: Readonly<Record<string, () => Buffer>> = {
  'an ISO image in itself': isoInItself,
  'a RAR of records': rarOfRecords,
  'a RAR of headers': rarOfHeaders,
  'a ZIP whose files are all one': zipOverlapping,
  'a ZIP of nine thousand files': zipOfMany,
  'forty ZIPs in one another': () => zipInZip(40, zipOf([stored('a.txt')])),
  'a ZIP of fifteen hundred ZIPs': zipOfZips,
  'a bomb': zipBomb,
  'a tar of half a million files': tarOfHeaders,
  'forty gzips in one another': () => gzipInGzip(40, tarHeader('a.txt')),
  'a 7z of four thousand million files': sevenZipOfMany,
  'a dictionary of 512 MiB': xzOfMemory,
  'ends of ZIPs only': () => Buffer.alloc(900_000, 'PK\x05\x06'),
  'beginnings of ZIPs only': () => Buffer.alloc(900_000, 'PK\x03\x04'),
  'entries of directories only': () => Buffer.alloc(900_000, 'PK\x01\x02'),
  'a cabinet of nothing': () =>
    Buffer.concat([Buffer.from('MSCF\0\0\0\0'), Buffer.alloc(900_000, 0xff)]),
}
