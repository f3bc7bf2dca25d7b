// The character set that HTML or XML says itself (`<meta charset>`, `http-equiv`, `<?xml encoding?>`), which counts for a browser that opens the
// file, and for mail programs where the part names none. Only one in which ASCII is written otherwise hides a link: of honest mail, which
// often says another set inside than outside, none is read twice.

import { plainLabel } from './charset-labels.ts'

/** HTML has it in the first 1024 bytes. */
const HEAD = 4096
const SAID = /(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})/gi
/** What stands in a text whose ASCII is written otherwise, by its set. */
const SIGNS: readonly (readonly [set: RegExp, signs: readonly string[]])[] = [
  [/^utf7$/, ['+']],
  [/^(?:x|cs)?(?:utf16|utf32|ucs|unicode|iso10646)/, ['\0']],
  [/^(?:cs)?iso2022/, ['\u001b', '\u000e']],
  [/^(?:x|cs)?hz/, ['~']],
]
const ALL_SIGNS = SIGNS.flatMap(([, signs]) => signs)

/** Undefined where it is the same text, or that of a set that is `said` already. `text`: in which its beginning can be read. */
export function charsetInside(
  bytes: Buffer,
  text: string,
  said: Iterable<string>,
): string | undefined {
  // Most texts have none of them, and are not looked through.
  if (!ALL_SIGNS.some(sign => text.includes(sign))) return undefined
  const known = new Set(Array.from(said, plainLabel))
  for (const [, label = ''] of text.slice(0, HEAD).matchAll(SAID)) {
    const short = plainLabel(label)
    const [, signs = []] = SIGNS.find(([set]) => set.test(short)) ?? []
    if (!known.has(short) && signs.some(sign => bytes.includes(sign))) return label
  }
  return undefined
}
