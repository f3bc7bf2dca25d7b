// The list as the threads see it that answer for it. Plain data: tables are shared memory (model/prefix-table.ts), domains are copied.

export type ListImage = {
  /** Addresses and prefixes that are listed. */
  readonly infected: SharedArrayBuffer
  /** Ranges of consumers, and within them prefixes that may have mail servers. */
  readonly consumers: SharedArrayBuffer
  readonly exempt: SharedArrayBuffer
  /** Domains that are listed, with all below them. */
  readonly domains: readonly string[]
  readonly serial: number
}

/** Two words as they stand at the end of the address of a page: sixteen digits. */
export const referenceText = ([first, second]: readonly [number, number]): string =>
  [first, second].map(word => word.toString(16).padStart(8, '0')).join('')

/** Undefined for anything else. */
export function parseReference(text: string): readonly [number, number] | undefined {
  if (!/^[0-9a-f]{16}$/.test(text)) return undefined
  return [Number.parseInt(text.slice(0, 8), 16), Number.parseInt(text.slice(8), 16)]
}
