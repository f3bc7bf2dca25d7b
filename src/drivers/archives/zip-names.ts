// Every name that any program may show of a ZIP (PKWARE APPNOTE §4.3.7, §4.3.12): before each file, and in each directory, wherever that
// stands. Readers find the directory in many ways (ZIP64's end or the plain one, by its place or by its size, with bytes in front or behind, more
// than one), and nothing makes the names in the two the same. So it is not asked which is the right one. A ZIP that is stored in it is
// listed by itself too. Linear: each mark is looked at once.

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
const MAX_FIELDS = 20
const [SLASH, BACKSLASH] = [0x2f, 0x5c]

/** As bytes, the last 255 of each. A folder that has a size is a file. */
export function* zipNames(zip: Buffer): Iterable<Buffer> {
  for (const kind of KINDS)
    for (let at = zip.indexOf(kind.mark); at >= 0; at = zip.indexOf(kind.mark, at + 4)) {
      if (at + kind.name > zip.length) break
      const from = at + kind.name
      const to = from + zip.readUInt16LE(at + kind.lengths)
      const name = zip.subarray(from, to)
      const last = name.at(-1)
      if (last !== SLASH && last !== BACKSLASH) yield* namesOf(name)
      else if (zip.readUInt32LE(at + kind.size) > 0) yield* namesOf(name.subarray(0, -1))
      yield* unicodePaths(zip.subarray(to, to + zip.readUInt16LE(at + kind.lengths + 2)))
    }
}

/** Whether something in it may be the directory of a ZIP. */
export const hasDirectory = (bytes: Buffer): boolean => bytes.includes(KINDS[0].mark)

/** Some end a name at a zero. */
function* namesOf(name: Buffer): Iterable<Buffer> {
  if (name.length === 0) return
  yield name.subarray(-MAX_NAME)
  const zero = name.indexOf(0)
  if (zero > 0) yield name.subarray(Math.max(0, zero - MAX_NAME), zero)
}

function* unicodePaths(extra: Buffer): Iterable<Buffer> {
  let at = 0
  for (let i = 0; i < MAX_FIELDS && at + 4 <= extra.length; i++) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === UNICODE_PATH) yield* namesOf(extra.subarray(at + 4 + SUM, end))
    at = end
  }
}
