// The names in the directory at the end of a ZIP (PKWARE APPNOTE §4.3.12). libarchive takes those that stand before each file; programs
// on Windows show these, and nothing makes the two the same.

import { zipEnd } from '../../mail/zip-end.ts'

const ENTRY = 0x02014b50
/** Where lengths stand in an entry, and where its name begins. */
const NAME_LENGTH = 28
const EXTRA_LENGTH = 30
const COMMENT_LENGTH = 32
const NAME = 46

/** As bytes; none where there is no directory, and no more where it ends early. */
export function* zipDirectory(zip: Buffer): Iterable<Buffer> {
  let at = zipEnd(zip)?.directory ?? zip.length
  while (at + NAME <= zip.length && zip.readUInt32LE(at) === ENTRY) {
    const end = at + NAME + zip.readUInt16LE(at + NAME_LENGTH)
    yield zip.subarray(at + NAME, end)
    at = end + zip.readUInt16LE(at + EXTRA_LENGTH) + zip.readUInt16LE(at + COMMENT_LENGTH)
  }
}
