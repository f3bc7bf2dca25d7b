// The body of a message as mailauth may have it: in pieces that end with a line. Mailauth keeps a line that has no end yet, once for each
// way of hashing, and reads it from its beginning again with each piece; so it gets none.

import { setImmediate } from 'node:timers/promises'
import type { LeftOut } from './left-out.ts'

/** Bytes of one line. RFC 5322 §2.1.1 allows 998; what mailauth does with one piece, no other client waits for longer than this takes. */
export const MAX_LINE = 1024 * 1024
/** Bytes; fewer only at the end. */
const PIECE = 64 * 1024
const LF = 0x0a

/** Ends where a line is too long: `left` says so. */
export async function* boundedBody(
  chunks: AsyncIterable<Uint8Array>,
  left: LeftOut,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  /** The part of `size` that is bytes of the line that has no end yet. */
  let open = 0
  for await (const slice of slices(chunks)) {
    const first = slice.indexOf(LF)
    if (open + (first < 0 ? slice.length : first) > MAX_LINE) {
      left.altered = 'a line that is too long'
      break
    }
    const end = slice.lastIndexOf(LF) + 1
    held.push(slice)
    size += slice.length
    open = end === 0 ? open + slice.length : slice.length - end
    if (end === 0 || size < PIECE) continue
    held.pop()
    yield Buffer.concat([...held, slice.subarray(0, end)])
    held = [slice.subarray(end)]
    size = open
    // All of it may stand in memory already: the others get their turn, and so does the end of our time.
    await setImmediate()
  }
  if (left.altered === undefined && size > 0) yield Buffer.concat(held)
}

async function* slices(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE)
}
