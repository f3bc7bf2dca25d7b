// The name of the one file in what gzip, bzip2, xz, zstd or compress made of it: gzip may write it down (RFC 1952 §2.3.1); otherwise it is
// the name of the whole without its last extension, as those programs take it.

/** None, one, or both of these. */
export function compressedName(bytes: Buffer, name: string): readonly string[] {
  const plain = name.replace(/\.(?:gz|bz2?|xz|lzma|zst|z)$/i, '')
  const written = gzipName(bytes)
  return [...(plain === name ? [] : [plain]), ...(written === undefined ? [] : [written])]
}

const HAS_EXTRA = 4
const HAS_NAME = 8
const MAX_NAME = 255

function gzipName(bytes: Buffer): string | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined
  const flags = bytes[3] ?? 0
  if ((flags & HAS_NAME) === 0 || bytes.length < 12) return undefined
  const from = 10 + ((flags & HAS_EXTRA) === 0 ? 0 : 2 + bytes.readUInt16LE(10))
  const end = bytes.indexOf(0, from)
  return end < 0 ? undefined : bytes.toString('latin1', Math.max(from, end - MAX_NAME), end)
}
