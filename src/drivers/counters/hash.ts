// Keys and members are kept as 53-bit hashes: a million subscribers as strings would not fit in memory. Two keys
// of eight million meet by chance once in 250 such stores; then two strangers share a limit, and no more.

import { fnv1a } from '../../model/fnv-1a.ts'
import type { SumKey } from './sum-table.ts'

export function hash53(text: string): number {
  return cyrb53(text, text.length)
}

/** cyrb53 (public domain, by bryc): two multiply-xor lanes, mixed. Not for secrets. */
function cyrb53(text: string, end: number): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < end; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}

const HASH = 35

/** The key of a sum, `WHOM#WHAT`: all that is counted of one subject lies side by side. */
export function sumKey(text: string): SumKey {
  let cut = text.length - 1
  while (cut >= 0 && text.charCodeAt(cut) !== HASH) cut--
  return cut < 0
    ? { key: hash53(text), name: 0 }
    : { key: cyrb53(text, cut), name: nameHash(text, cut + 1) }
}

/** FNV-1a, folded to 24 bits: names come from rules and settings, never from outside, and are few. */
function nameHash(text: string, from: number): number {
  const hash = fnv1a(text, from)
  return (hash ^ (hash >>> 24)) & 0xffffff
}
