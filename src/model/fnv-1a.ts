// FNV-1a (draft-eastlake-fnv), 32 bits, over UTF-16 units: to tell texts apart. An attacker can make two texts with the same hash.

const BASIS = 0x811c9dc5

/** The hash of `text` from `from` on. Another `basis` makes another hash of the same text. */
export function fnv1a(text: string, from = 0, basis = BASIS): number {
  let hash = basis
  for (let i = from; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
