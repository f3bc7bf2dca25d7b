// Archives of a stated number of parts, made of what a lister must look at twice if it looks at anything twice; built with Node alone, the
// same bytes each time (nothing in them is drawn). Those of a fixed size are in test/support/hostile-archives.ts.

import { deflateRawSync, gzipSync } from 'node:zlib'
import { tarHeader, type ZipFile, zipOf } from '../support/hostile-archives.ts'

const MIB = 1024 * 1024
/** Of what a name of an entry may have (APPNOTE §4.4.10). */
const LONGEST_NAME = 65_535
/** libarchive unpacks so much at once, and more. */
const LITTLE = 200 * 1024
/** Bytes of the end of a ZIP. */
const END = 22

const empty = (name: string): ZipFile => ({ name, data: Buffer.alloc(0) })
const files = (count: number, make: (i: number) => ZipFile): readonly ZipFile[] =>
  Array.from({ length: count }, (_, i) => make(i))
const deflated = (name: string, content: Buffer) => ({
  name,
  data: deflateRawSync(content, { level: 9 }),
  method: 8,
  content,
})

export const zipOfEmpty = (count: number): Buffer => zipOf(files(count, i => empty(`f${i}`)))

/** What is told of a name are its last characters, which here differ. */
export const zipOfLongNames = (count: number): Buffer =>
  zipOf(files(count, i => empty(`${i}`.padStart(LONGEST_NAME, 'n'))))

/** Folders take no name, only entries. */
export const zipOfFolders = (count: number): Buffer => zipOf(files(count, i => empty(`d${i}/`)))

/** Each entry of the directory is the same file. */
export const zipOfOne = (count: number): Buffer =>
  zipOf(
    [deflated('f', Buffer.alloc(MIB))],
    files(count, i => ({ ...empty(`f${i}`), method: 8 })),
  )

/** Each file is all that follows: a ZIP again. Forty bytes for each that is in another. */
export function zipOfRests(depth: number): Buffer {
  const withoutEnd = (file: ZipFile) => zipOf([file], []).subarray(0, -END)
  let rest = withoutEnd(empty('innermost.txt'))
  for (let i = 0; i < depth; i++) rest = withoutEnd({ name: `${i}.zip`, data: rest })
  return rest
}

/** So many in one another, none of which is seen from outside. */
export function zipsInOneAnother(depth: number): Buffer {
  let zip = zipOf([empty('innermost.txt')])
  for (let i = depth; i > 0; i--) zip = zipOf([deflated(`level-${i}.zip`, zip)])
  return zip
}

/** So many beside one another. */
export const zipOfZips = (count: number): Buffer =>
  zipOf(files(count, i => deflated(`${i}.zip`, zipOf([empty(`in-${i}.txt`)]))))

/** Each with as many attached archives as a message has at most: they are in the archive, too. */
export const zipOfMessages = (count: number, each = 20): Buffer =>
  zipOf(
    files(count, i => {
      const parts = Array.from({ length: each }, (_, n) => {
        const name = `${i}-${n}.zip`
        const body = zipOf([empty(`in-${i}-${n}.txt`)]).toString('base64')
        return `--b\r\nContent-Type: application/zip; name=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n`
      })
      const header = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
      return deflated(`${i}.eml`, Buffer.from(`${header}${parts.join('')}--b--\r\n`))
    }),
  )

/** In front of it what looks like its directory, and behind it a comment of what looks like its end. */
export function zipInJunk(size: number): Buffer {
  const zip = zipOf([empty('a.txt')])
  const comment = Buffer.alloc(Math.min(size, 65_535), 'PK\x05\x06')
  zip.writeUInt16LE(comment.length, zip.length - 2)
  return Buffer.concat([Buffer.alloc(size, 'PK\x01\x02PK\x03\x04'), zip, comment])
}

/** Beginnings of entries of a directory, and nothing else: each says that a name of 19,280 bytes follows. */
export const zipOfMarks = (size: number): Buffer => Buffer.alloc(size, 'PK\x01\x02')

/** Of a mebibyte of zeros each. With `lying` their sums are those of something else, which is seen when all of it is unpacked. */
export const zipBombs = (count: number, lying = false): Buffer => {
  const one = deflated('', Buffer.alloc(MIB))
  const content = lying ? Buffer.alloc(MIB, 1) : one.content
  return zipOf(files(count, i => ({ ...one, content, name: `${i}.zip` })))
}
/** Small ones, that are no archives by their names. */
export const lyingTexts = (count: number): Buffer => {
  const one = { ...deflated('', Buffer.alloc(LITTLE)), content: Buffer.alloc(LITTLE, 1) }
  return zipOf(files(count, i => ({ ...one, name: `${i}.txt` })))
}
export const lyingZipBombs = (count: number): Buffer => zipBombs(count, true)

export const tarOfEmpty = (count: number): Buffer =>
  Buffer.concat([
    ...Array.from({ length: count }, (_, i) => tarHeader(`f${i}`)),
    Buffer.alloc(1024),
  ])

export const packedTarOfEmpty = (count: number): Buffer => gzipSync(tarOfEmpty(count))

/** Behind the end of each another one begins. */
export const tarsBehindTars = (count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, i) => tarOfEmpty(1 + (i % 2))))

/** Streams of gzip one behind the other: a tar of files of a mebibyte. */
export function gzipBombs(count: number): Buffer {
  const one = Buffer.concat([tarHeader('z.bin', `${MIB.toString(8).padStart(11, '0')}\0`)])
  const packed = gzipSync(Buffer.concat([one, Buffer.alloc(MIB)]), { level: 9 })
  return Buffer.concat(Array.from({ length: count }, () => packed))
}

/** Node does not pack so: a tar's header and 64 MiB of zeros by bzip2, and a header and one mebibyte by xz. */
const BZIP2 = Buffer.from(
  'QlpoOTFBWSZTWd7UM14Ffj/bgMyAQAFVgAAIcCEeEAAIIABwUAGI000aCKRDFMT0hnqnViRUAVVEqICAqqJj7va8YvZAQFVRICJ3qNYEzQvDnRrGdKUoedfu' +
    '+5mfMKoAqqJ/MUFZJlNZ/BPRJwCiesAAwAAAiCAAMMwFKaaSqITYUqiE8XckU4UJBBu7eaA=',
  'base64',
)
const XZ = Buffer.from(
  '/Td6WFoAAAD/EtlBAgAhARwAAAAQz1jM8AH/AQJdAD0LiEbUHUaM0Up5RLsR17/Q2YYBLrUtoQWsj/gAGLTta5D6ovjYEaRNgkdfSHm5QpZQUi92Iy2VU69c' +
    '8cRGGRP/LzidTicb4vdKk10xeUB+xS9/BBXLlmN5H+QdYiu/YNcqjWRsFndNLfMOyQDM/RqDZytN+M/teA5SFzDjgSiAKXf9vq58MRqft40xbnCepyNf' +
    '7CjLhdGVmIp+KpHyJ3X3GcAGmE2Y/div1ZAPxCVT+PWRNjEFpbDub8FwTUcM0ZERqq1gHbrOsScYXFmG6WZSWL7pdqxZ5OVbBQj5x9qt/PtSK3TNHlsg' +
    'QvndUz34KWQJO4DLKmzftTvwxKzyS9FCAAAAAAABlgKAhEAAgTi2iagACvwCAAAAAABZWg==',
  'base64',
)

export const bzip2Bombs = (count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => BZIP2))
export const xzBombs = (count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => XZ))
