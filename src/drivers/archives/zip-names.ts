// Every name that any program may show of a ZIP (PKWARE APPNOTE §4.3.7, §4.3.12): before each file, and in each directory, wherever that
// stands. Readers find the directory in many ways (ZIP64's end or the plain one, by its place or by its size, with bytes in front or behind, more
// than one), and nothing makes the names in the two the same. So it is not asked which is the right one. A ZIP that is stored in it is
// listed by itself too. Linear: each mark is looked at once, and where a zero stands is looked for once, though names may lie over each other.

/** `PK` and two bytes; where behind it stand the size of the file, the lengths of name and extra fields, and the name. */
const KINDS = [
  { mark: Buffer.from('PK\x01\x02', 'latin1'), size: 24, lengths: 28, name: 46 },
  { mark: Buffer.from('PK\x03\x04', 'latin1'), size: 22, lengths: 26, name: 30 },
] as const
/** Its end says what a file is. */
const MAX_NAME = 255
/** Info-ZIP's field of the name in UTF-8 (APPNOTE §4.6.9): a byte and a sum stand before it. */
const UNICODE_PATH = 0x7075
const SUM = 5
const BLOCK = 256
const MAX_FIELDS = 20
const [SLASH, BACKSLASH] = [0x2f, 0x5c]

/** As bytes, the last 255 of each. A folder that has a size is a file. */
export function* zipNames(zip: Buffer): Iterable<Buffer> {
  const zeros = zerosOf(zip)
  for (const kind of KINDS)
    for (let at = zip.indexOf(kind.mark); at >= 0; at = zip.indexOf(kind.mark, at + 4)) {
      if (at + kind.name > zip.length) break
      const from = at + kind.name
      const to = Math.min(from + zip.readUInt16LE(at + kind.lengths), zip.length)
      const last = to > from ? zip[to - 1] : undefined
      if (last !== SLASH && last !== BACKSLASH) yield* namesOf(zeros, from, to)
      else if (zip.readUInt32LE(at + kind.size) > 0) yield* namesOf(zeros, from, to - 1)
      yield* unicodePaths(zeros, to, to + zip.readUInt16LE(at + kind.lengths + 2))
    }
}

/** Whether something in it may be the directory of a ZIP. */
export const hasDirectory = (bytes: Buffer): boolean => bytes.includes(KINDS[0].mark)

/** Some end a name at a zero. */
function* namesOf({ bytes, firstIn }: Zeros, from: number, to: number): Iterable<Buffer> {
  if (from >= to) return
  yield bytes.subarray(Math.max(from, to - MAX_NAME), to)
  const zero = firstIn(from, to)
  if (zero > from) yield bytes.subarray(Math.max(from, zero - MAX_NAME), zero)
}

function* unicodePaths(zeros: Zeros, from: number, end: number): Iterable<Buffer> {
  const { bytes } = zeros
  const to = Math.min(end, bytes.length)
  let at = from
  for (let i = 0; i < MAX_FIELDS && at + 4 <= to; i++) {
    const next = at + 4 + bytes.readUInt16LE(at + 2)
    if (bytes.readUInt16LE(at) === UNICODE_PATH)
      yield* namesOf(zeros, at + 4 + SUM, Math.min(next, to))
    at = next
  }
}

type Zeros = {
  readonly bytes: Buffer
  /** Where the first one stands from here up to, and without, there; -1 where there is none. */
  readonly firstIn: (from: number, to: number) => number
}

/** A name may be of 64 KiB, and lie over thousands of others: of each block of bytes it is kept where its first zero is. */
function zerosOf(bytes: Buffer): Zeros {
  const known = new Map<number, number>()
  const firstOf = (block: number): number => {
    let first = known.get(block)
    if (first === undefined) {
      const at = bytes.subarray(block * BLOCK, (block + 1) * BLOCK).indexOf(0)
      first = at < 0 ? -1 : block * BLOCK + at
      known.set(block, first)
    }
    return first
  }
  const firstIn = (from: number, to: number): number => {
    let block = Math.ceil(from / BLOCK)
    const near = bytes.subarray(from, Math.min(to, block * BLOCK)).indexOf(0)
    if (near >= 0) return from + near
    for (; block * BLOCK < to; block++) {
      const first = firstOf(block)
      if (first >= 0) return first < to ? first : -1
    }
    return -1
  }
  return { bytes, firstIn }
}
