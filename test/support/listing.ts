// Reads messages as the engine does, the names in their archives included.

import { ArchiveLister } from '../../src/drivers/archives/archive-lister.ts'
import { withListed } from '../../src/engine/intake/look-inside.ts'
import { Summarizer } from '../../src/mail/summary.ts'
import type { MessageSummary } from '../../src/model/message.ts'

export type Listing = {
  read(chunks: Iterable<Uint8Array>): Promise<MessageSummary>
  close(): Promise<void>
}

/** However busy the machine is. */
export const PATIENT = { time: 120_000, timeInCompany: 120_000, patience: 600_000 }
/** Of somebody. */
export const FOR = { turn: { lane: 'first', from: 'somebody' } } as const

export function listing(): Listing {
  const archives = new ArchiveLister(error => {
    throw error
  }, PATIENT)
  return {
    read: async chunks => {
      const summarizer = new Summarizer()
      for (const chunk of chunks) summarizer.write(chunk)
      const summary = summarizer.finish('a@b.example')
      if (summarizer.archives.length === 0) return summary
      return withListed(summary, await archives.list(summarizer.archives, FOR))
    },
    close: () => archives.close(),
  }
}
