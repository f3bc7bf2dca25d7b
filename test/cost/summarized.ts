// Reading a message that comes in pieces, for whoever counts what it takes.

import { Summarizer } from '../../src/mail/summary.ts'
import { pieces } from './inputs.ts'

export function summarized(
  message: Uint8Array,
  piece = 65_536,
  wanted?: ReadonlySet<string>,
): () => unknown {
  const cut = pieces(message, piece)
  return () => {
    const summarizer = new Summarizer({ wanted })
    for (const part of cut) summarizer.write(part)
    return summarizer.finish('anna@isp.example')
  }
}
