// How an operator's own pages look: what `http.look` says of colour, mark and words.

import type { Language } from './subscriber.ts'

export type OwnLook = {
  /** `#rrggbb`, on which white letters can be read. */
  readonly colour?: string | undefined
  /** A picture as a data: URL; undefined where there is none now. */
  logo(): string | undefined
  /** Said at the foot of each page, by language. */
  readonly words?: Readonly<Partial<Record<Language, string>>> | undefined
}

/** WCAG 2.2 §1.4.3: 4.5 to 1 between the letters of a button and the button. */
const LEAST_CONTRAST = 4.5

/** White letters can be read on it (`#rrggbb`). */
export function carriesWhite(colour: string): boolean {
  const [, ...parts] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour) ?? []
  if (parts.length !== 3) return false
  const [red = 0, green = 0, blue = 0] = parts.map(part => linear(Number.parseInt(part, 16) / 255))
  // WCAG 2.2, relative luminance; white has 1.
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= LEAST_CONTRAST
}

const linear = (part: number): number =>
  part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
