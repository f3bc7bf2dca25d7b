// The bytes of a message on their way in: summed up for the rules, freed of what only we may say, and written to the spool.

import { asItCame, ForgedResults } from '../mail/forged-results.ts'
import { Summarizer } from '../mail/summary.ts'
import type { AttachedArchive } from '../model/attached-archive.ts'
import type { MessageSummary } from '../model/message.ts'
import type { Transaction } from '../model/step.ts'
import type { Spool, SpoolDraft } from '../ports/spool.ts'

export type Incoming = Pick<SpoolDraft, 'write' | 'commit' | 'abort'> & {
  /** Call once, after the last byte. */
  finish(): Promise<Whole>
}

export type Whole = {
  readonly summary: MessageSummary
  readonly archives: readonly AttachedArchive[]
  /** As it came: signatures cover what we take out. */
  read(): AsyncIterable<Uint8Array>
  /** Which of its Authentication-Results fields were not the sender's to write: the first is 1. */
  readonly forged: readonly number[]
}

export function incoming(
  spool: Pick<Spool, 'open'>,
  tx: Transaction,
  { ourName, traps }: { readonly ourName: string; readonly traps?: () => ReadonlySet<string> },
): Incoming {
  const draft = spool.open()
  const summarizer = new Summarizer(tx.listener === 'inbound' ? traps?.() : undefined)
  const filter = tx.listener === 'inbound' ? new ForgedResults(ourName) : undefined
  return {
    write: chunk => {
      summarizer.write(chunk)
      return draft.write(filter ? filter.push(chunk) : chunk)
    },
    finish: async () => {
      const last = filter?.end()
      if (last && last.length > 0) await draft.write(last)
      const removed = filter?.removed ?? []
      return {
        summary: summarizer.finish(tx.sender),
        archives: summarizer.archives,
        read: () => (removed.length > 0 ? asItCame(draft.read(), removed) : draft.read()),
        forged: filter?.occurrences ?? [],
      }
    },
    commit: message => draft.commit(message),
    abort: () => draft.abort(),
  }
}
