// The mark of an operator on the pages for customers: a small PNG or SVG, as a data: URL, because a page behind the walled garden may load
// nothing. The file is looked at again while Cordon runs.

import { wholeFileNow } from '../../wire/whole-file.ts'

/** Bytes: the notice page stays under 30 KiB with it (a data: URL is a third longer). */
export const LARGEST_LOGO = 12 * 1024
/** ms. A page may be asked for by every infected machine at once. */
const LOOKED_AT_EVERY = 10_000

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** Throws a sentence where the file is none. */
export function logoFrom(path: string): string {
  const { bytes } = wholeFileNow(path, LARGEST_LOGO)
  if (bytes.subarray(0, PNG.length).equals(PNG))
    return `data:image/png;base64,${bytes.toString('base64')}`
  const text = bytes.toString('utf8')
  if (/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<svg[\s>]/.test(text))
    return `data:image/svg+xml;base64,${bytes.toString('base64')}`
  throw new Error(`${path} is no PNG and no SVG`)
}

/** What it was last stays while the file cannot be read. */
export function logoFile(path: string | undefined, now = () => performance.now()) {
  let logo: string | undefined
  let next = -Infinity
  return (): string | undefined => {
    if (path === undefined || now() < next) return logo
    next = now() + LOOKED_AT_EVERY
    try {
      logo = logoFrom(path)
    } catch {
      // It is being replaced, or was: a page without a picture is a page still.
    }
    return logo
  }
}
