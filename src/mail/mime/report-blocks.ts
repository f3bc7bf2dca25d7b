// Parts that hold the fields of a report, in blocks with an empty line between them (RFC 3464, 8098, 5965, 6533): for some readers each block
// is the header of a part of its own. As a rule none of them says what it is, and all is text.

import { parseHeader } from '../header.ts'

/** Blocks that say what they are; an honest report has none. */
const MAX_BLOCKS = 20

const REPORT =
  /^message\/(?:global-)?(?:delivery-status|disposition-notification|feedback-report|headers|rfc822-headers)$/
const HEADERS = 'text/rfc822-headers'

/** Some fields say it with space in front. */
const SAYS_WHAT_IT_IS = /^[ \t]*content-(?:type|disposition|transfer-encoding)[ \t]*:/gim
const EMPTY_LINE = /^[ \t]*\r?$/

/** Looks at each byte. */
export const BLOCK_STEPS = 6

export const isReport = (type: string): boolean => REPORT.test(type)
export const mayBeReport = (types: readonly string[]): boolean =>
  types.some(type => type === HEADERS || isReport(type))

/**
 * The blocks that say what they are, each with all that follows. Of text/rfc822-headers only one with something behind it: the header of
 * a message that came back names a file that is not in it.
 */
export function reportBlocks(
  bytes: Buffer,
  types: readonly string[],
): { readonly blocks: readonly Buffer[]; readonly tooMany: boolean } {
  const text = bytes.toString('latin1')
  const places = Array.from(text.matchAll(SAYS_WHAT_IT_IS), ({ index }) => index)
  if (places.length === 0) return { blocks: [], tooMany: false }
  const starts = blockStarts(text)
  const telling = new Set<number>()
  let next = 0
  for (const place of places) {
    while ((starts[next + 1] ?? Infinity) <= place) next++
    telling.add(starts[next] as number)
  }
  const blocks = [...telling].slice(0, MAX_BLOCKS).map(start => bytes.subarray(start))
  return {
    blocks: types.some(isReport) ? blocks : blocks.filter(hasContent),
    tooMany: telling.size > MAX_BLOCKS,
  }
}

/** The beginning, and what follows each run of empty lines. */
function blockStarts(text: string): readonly number[] {
  const starts = [0]
  let at = 0
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
    if (EMPTY_LINE.test(text.slice(at, end))) {
      if (starts.at(-1) === at) starts.pop()
      starts.push(end + 1)
    }
    at = end + 1
  }
  return starts
}

const hasContent = (block: Buffer): boolean =>
  block.toString('latin1', parseHeader(block).body).trim() !== ''
