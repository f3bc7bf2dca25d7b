// A message, cut so that what it costs mailauth grows with its size, ten times that of an ordinary one at most. What was cut is noted
// in `left`, and a signature over it does not pass.

import { STORED } from '../../mail/header-end.ts'
import { boundedBody } from './bounded-body.ts'
import { boundedHeader } from './bounded-header.ts'
import type { LeftOut } from './left-out.ts'

/** Bytes of a header. The door limits what arrives; our own fields are added, and fields that were taken out are put back. */
const MOST = 2 * STORED.bytes

export async function* boundedMessage(
  message: AsyncIterable<Uint8Array>,
  { left, onHeader }: { readonly left: LeftOut; readonly onHeader?: (header: Buffer) => void },
): AsyncGenerator<Uint8Array> {
  const chunks = message[Symbol.asyncIterator]()
  try {
    const top = await readTop(chunks)
    const end = headerLength(top) ?? top.length
    const header = boundedHeader(top.subarray(0, end), left)
    onHeader?.(header)
    yield header
    yield* boundedBody(following(top.subarray(end), chunks), left)
  } finally {
    await chunks.return?.()
  }
}

/** The header, with the bytes of the body in its last chunk. */
async function readTop(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  // Searched for the empty line each time its length has doubled, so that the search is linear.
  let next = 0
  for (let one = await chunks.next(); !one.done; one = await chunks.next()) {
    parts.push(one.value)
    size += one.value.length
    if (size < next) continue
    const top = Buffer.concat(parts)
    if (headerLength(top) !== undefined) return top
    if (size > MOST) throw new Error('the header is too large')
    next = size * 2
  }
  return Buffer.concat(parts)
}

/** Length of the header with the empty line behind it, as mailauth finds its end. */
function headerLength(top: Buffer): number | undefined {
  if (top[0] === 0x0a) return 1
  if (top[0] === 0x0d && top[1] === 0x0a) return 2
  const ends = ['\n\n', '\n\r\n'].flatMap(end => {
    const at = top.indexOf(end)
    return at < 0 ? [] : [at + end.length]
  })
  return ends.length === 0 ? undefined : Math.min(...ends)
}

async function* following(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  for (let one = await chunks.next(); !one.done; one = await chunks.next()) yield one.value
}
