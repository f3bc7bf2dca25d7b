// FNV-1a (draft-eastlake-fnv), 32 bits, over UTF-16 units: to tell texts apart. An attacker can make two texts with the same hash.

/** The hash of `text` from `from` on. */
export function fnv1a(text: string, from = 0): number {
  let hash = 0x811c9dc5
  for (let i = from; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
