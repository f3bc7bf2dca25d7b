// Keys and members are kept as 53-bit hashes: a million subscribers as strings would not fit in memory. Two keys
// of eight million meet by chance once in 250 such stores; then two strangers share a limit, and no more.

/** cyrb53 (public domain, by bryc): two multiply-xor lanes, mixed. Not for secrets. */
export function hash53(text: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}
