// Reads a message that is stored: its beginning for all that a judgement asks, the rest for the names of attachments.

import type { AttachedArchive } from '../model/attached-archive.ts'
import type { MessageSummary } from '../model/message.ts'
import type { FoldWay } from './long-lines.ts'
import type { LaterParts } from './mime/later-parts.ts'
import { Summarizer } from './summary.ts'

export type WholeReading = {
  readonly wanted?: ReadonlySet<string> | undefined
  readonly sender: string
  readonly size: number
  /** How its long lines are folded when it is sent. */
  readonly folds?: FoldWay
  /** Does one piece of the work when it is its turn; at once, unless it is given. */
  readonly inTurn?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined
}

/**
 * `size`: of all of it, in bytes. `wanted` and `sender`: see summary.ts. The first mebibyte is one piece of work, and so is each chunk
 * behind it.
 */
export async function readWhole(
  read: AsyncIterable<Uint8Array>,
  given: WholeReading,
): Promise<{ readonly summary: MessageSummary; readonly archives: readonly AttachedArchive[] }> {
  const { inTurn = work => work() } = given
  const chunks = read[Symbol.asyncIterator]()
  try {
    const { summary, archives, more } = await inTurn(() => readBeginning(chunks, given))
    if (!more) return { summary, archives }
    const { later } = more
    for (let bytes: Uint8Array | undefined = more.rest; bytes; bytes = await nextOf(chunks)) {
      const piece = bytes
      await inTurn(async () => later.push(piece))
    }
    await inTurn(async () => later.end())
    return { summary: withLater(summary, later), archives }
  } finally {
    await chunks.return?.()
  }
}

type Beginning = {
  readonly summary: MessageSummary
  readonly archives: readonly AttachedArchive[]
  /** What follows, if anything does. */
  readonly more?: { readonly later: LaterParts; readonly rest: Uint8Array }
}

async function readBeginning(
  chunks: AsyncIterator<Uint8Array>,
  { wanted, folds = 'ours', sender, size }: WholeReading,
): Promise<Beginning> {
  const summarizer = new Summarizer({ wanted, folds })
  let rest: Uint8Array | undefined
  for (let bytes = await nextOf(chunks); bytes; bytes = await nextOf(chunks)) {
    rest = summarizer.write(bytes)
    if (rest) break
  }
  const summary = summarizer.finish(sender, size)
  const { archives } = summarizer
  return rest
    ? { summary, archives, more: { later: summarizer.later(), rest } }
    : { summary, archives }
}

async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const next = await chunks.next()
  return next.done ? undefined : next.value
}

function withLater(summary: MessageSummary, { names, unreadable }: LaterParts): MessageSummary {
  const all = new Set([...(summary.unreadable ?? []), ...unreadable])
  return {
    ...summary,
    attachments: [...new Set([...summary.attachments, ...names])],
    ...(all.size === 0 ? {} : { unreadable: [...all] }),
  }
}
