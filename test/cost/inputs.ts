// Worst inputs by construction: text and bytes of a stated size, made of what a parser must look at twice if it looks at anything
// twice.

/** `unit` as often as it fits into `size`. */
export const filled = (unit: string, size: number): string =>
  unit.repeat(Math.max(1, Math.floor(size / unit.length)))

/** The same between a beginning and an end. */
export const framed = (before: string, unit: string, after: string) => (size: number) =>
  before + filled(unit, Math.max(0, size - before.length - after.length)) + after

/** As many whole `unit`s as fit, with a number of their own. */
export function numbered(unit: (i: number) => string, size: number): string {
  const parts: string[] = []
  for (let length = 0, i = 0; length < size; i++) {
    const part = unit(i)
    parts.push(part)
    length += part.length
  }
  return parts.join('')
}

/** Cut into pieces of that many bytes. */
export function pieces(bytes: Uint8Array, size: number): Buffer[] {
  const cut: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size)
    cut.push(Buffer.from(bytes.subarray(at, at + size)))
  return cut
}

export const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

/** The header of a multipart of nearly as many boundaries as are read. */
export const wide = (boundary: string): string =>
  `Content-Type: multipart/mixed${numbered(i => `; boundary=${boundary}${i}`, 180)}\r\n\r\n`
