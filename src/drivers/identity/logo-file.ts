// The mark of an operator on the pages for customers: a small PNG or SVG, as a data: URL, because a page behind the walled garden may load
// nothing. The file is looked at again while Cordon runs.

import { wordsOf } from '../../model/errors.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'

/** Bytes: the notice page stays under 30 KiB with it (a data: URL is a third longer). */
export const LARGEST_LOGO = 12 * 1024
/** ms. A page may be asked for by every infected machine at once. */
const LOOKED_AT_EVERY = 10_000

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
/** What may stand before the picture: a byte order mark, white space, the XML declaration, comments, instructions. */
const BEFORE = /^(?:\uFEFF|\s+|<\?[^>]*>|<!--(?:(?!-->)[\s\S])*-->)/
/** XML 1.0 §2.8. */
const DOCTYPE = /^<!DOCTYPE\s[^<>[\]]*(?<own>\[?)>?/i

/** Throws a sentence that says what is wrong with the file. */
export function logoFrom(path: string): string {
  const { bytes } = wholeFileNow(path, LARGEST_LOGO)
  if (bytes.subarray(0, PNG.length).equals(PNG))
    return `data:image/png;base64,${bytes.toString('base64')}`
  return `data:image/svg+xml;base64,${Buffer.from(svgIn(bytes.toString('utf8'), path)).toString('base64')}`
}

/** As it stands, but for a DOCTYPE that defines nothing: drawing programs write one, and no browser reads it. */
function svgIn(text: string, path: string): string {
  let at = 0
  let doctype: { readonly from: number; readonly to: number } | undefined
  for (;;) {
    const rest = text.slice(at)
    const found = BEFORE.exec(rest) ?? (doctype ? null : DOCTYPE.exec(rest))
    if (!found) break
    if (found.groups?.['own'] !== undefined) {
      if (found.groups['own'] !== '')
        throw new Error(
          `${path} has a DOCTYPE with definitions of its own ([ … ]): export the picture as plain SVG`,
        )
      doctype = { from: at, to: at + found[0].length }
    }
    at += found[0].length
  }
  if (!/^<svg[\s>/]/.test(text.slice(at))) throw new Error(`${path} is no PNG and no SVG`)
  return doctype ? text.slice(0, doctype.from) + text.slice(doctype.to) : text
}

export type LogoWorld = {
  /** A file that was changed and cannot be used: told once for each thing that is wrong. */
  readonly tell: (problem: string) => void
  readonly now?: () => number
}

/** What it was last stays while the file cannot be read. */
export function logoFile(
  path: string | undefined,
  { tell, now = () => performance.now() }: LogoWorld,
) {
  let logo: string | undefined
  let next = -Infinity
  /** What was wrong the last time: a file that is just being replaced is well again the next. */
  let wrong: { readonly words: string; readonly told: boolean } | undefined
  return (): string | undefined => {
    if (path === undefined || now() < next) return logo
    next = now() + LOOKED_AT_EVERY
    try {
      logo = logoFrom(path)
      wrong = undefined
    } catch (error) {
      // A page without a picture, or with the old one, is a page still.
      const words = wordsOf(error)
      const isAgain = wrong?.words === words
      if (isAgain && wrong?.told === false) tell(words)
      wrong = { words, told: isAgain }
    }
    return logo
  }
}
