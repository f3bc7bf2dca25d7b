// Reads a message that is stored: its beginning for all that a judgement asks, the rest for the names of attachments.

import type { AttachedArchive } from '../model/attached-archive.ts'
import type { MessageSummary } from '../model/message.ts'
import type { LaterParts } from './mime/later-parts.ts'
import { Summarizer } from './summary.ts'

/** `size`: of all of it, in bytes. `wanted` and `sender`: see summary.ts. */
export async function readWhole(
  read: AsyncIterable<Uint8Array>,
  given: {
    readonly wanted?: ReadonlySet<string> | undefined
    readonly sender: string
    readonly size: number
  },
): Promise<{ readonly summary: MessageSummary; readonly archives: readonly AttachedArchive[] }> {
  const summarizer = new Summarizer(given.wanted)
  let summary: MessageSummary | undefined
  let later: LaterParts | undefined
  for await (const bytes of read) {
    const rest = later ? bytes : summarizer.write(bytes)
    if (!rest) continue
    summary ??= summarizer.finish(given.sender, given.size)
    later ??= summarizer.later()
    later.push(rest)
  }
  summary ??= summarizer.finish(given.sender, given.size)
  const { archives } = summarizer
  if (!later) return { summary, archives }
  later.end()
  return { summary: withLater(summary, later), archives }
}

function withLater(summary: MessageSummary, { names, unreadable }: LaterParts): MessageSummary {
  const all = new Set([...(summary.unreadable ?? []), ...unreadable])
  return {
    ...summary,
    attachments: [...new Set([...summary.attachments, ...names])],
    ...(all.size === 0 ? {} : { unreadable: [...all] }),
  }
}
