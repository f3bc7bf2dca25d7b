// A message as mailauth may have it, so that what any message costs grows with its size, ten times at most. What mailauth
// does not get to see is noted, and nothing passes by it.

import { STORED } from '../../mail/header-end.ts'
import { boundedBody } from './bounded-body.ts'
import { boundedHeader } from './bounded-header.ts'
import type { LeftOut } from './left-out.ts'

/** The header is limited where the message comes in; our own fields come on top of it, and what we took out is back in it. */
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

/** The header, and what came with it. */
async function readTop(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  // Looked through each time that it is twice as long.
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

/** With its empty line, as mailauth finds it. */
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
