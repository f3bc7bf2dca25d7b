// The bytes of a message on their way in: its header is ended where every program will see its end, freed of fields that only we may write,
// written to the spool, and summed up for the rules. These bytes are judged, stored, and sent but for folds (../../mail/long-lines.ts).

import { asItCame, ForgedResults, type Occurrence } from '../../mail/forged-results.ts'
import { isSevenBit } from '../../mail/seven-bit.ts'
import { HeaderEnd, type HeaderEndedAt } from '../../mail/header-end.ts'
import { readWhole } from '../../mail/read-whole.ts'
import type { AttachedArchive } from '../../model/attached-archive.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { Transaction } from '../../model/step.ts'
import type { Readings } from '../../ports/readings.ts'
import type { Spool, SpoolDraft } from '../../ports/spool.ts'
import { HeaderIn } from './header-in.ts'
import { turnOf } from './turn-of.ts'

export type Incoming = Pick<SpoolDraft, 'write' | 'commit' | 'abort'> & {
  /** Call once, after the last byte. */
  finish(): Promise<Whole>
}

export type Whole = {
  readonly summary: MessageSummary
  /** Why the header was not read to its end: the message is refused; `summary` and `read` have only a part of it. */
  readonly headerTooLarge: string | undefined
  /** A line that is no field ended the header: it and what follows is body. */
  readonly headerEndedAt?: HeaderEndedAt | undefined
  readonly archives: readonly AttachedArchive[]
  /** With what we took out: signatures cover it. */
  read(): AsyncIterable<Uint8Array>
  /** Fields that the sender may not write. */
  readonly forged: readonly Occurrence[]
  /** It has octets above 127. */
  readonly eightBit: boolean
}

export type IncomingParts = {
  readonly ourName: string
  readonly traps?: () => ReadonlySet<string>
  readonly readings: Readings
}

export function incoming(
  spool: Pick<Spool, 'open'>,
  tx: Transaction,
  { ourName, traps, readings }: IncomingParts,
): Incoming {
  const draft = spool.open()
  const header = new HeaderEnd()
  const isFromOutside = tx.listener === 'inbound'
  const filter = filterOf(tx, ourName)
  const turn = () => turnOf(tx)
  const headerIn = new HeaderIn({ header, filter, readings, turn })
  let size = 0
  let eightBit = false
  const store = async (bytes: Uint8Array) => {
    if (bytes.length === 0) return
    size += bytes.length
    eightBit ||= !isSevenBit(bytes)
    await draft.write(bytes)
  }
  return {
    write: chunk => headerIn.write(chunk, store),
    finish: async () => {
      await store(headerIn.end())
      const removed = filter?.removed ?? []
      // Read only now, from where it is stored: of a message that is not finished nothing is kept here, however many there are.
      const wanted = isFromOutside ? traps?.() : undefined
      const { summary, archives } = await readWhole(draft.read(), {
        wanted,
        folds: tx.elsewhere ? 'postfix' : 'ours',
        sender: tx.sender,
        size,
        inTurn: work => readings.run(turn(), work),
      })
      return {
        headerTooLarge: header.tooLarge,
        headerEndedAt: header.endedAt,
        // A server that keeps the mail itself sends it on with the space, which some programs take for a part of the name.
        summary:
          header.spacedFrom && tx.elsewhere && !isFromOutside
            ? withUnclearFrom(summary, 'take away the space before the colon of From')
            : summary,
        archives,
        read: () => (removed.length > 0 ? asItCame(draft.read(), removed) : draft.read()),
        forged: filter?.occurrences ?? [],
        eightBit,
      }
    },
    commit: message => draft.commit(message),
    abort: () => {
      headerIn.leave()
      return draft.abort()
    },
  }
}

function withUnclearFrom(
  { unclearByName: _byName, ...summary }: MessageSummary,
  unclearFrom: string,
): MessageSummary {
  return { ...summary, unclearFrom }
}

function filterOf({ listener }: Transaction, ourName: string): ForgedResults | undefined {
  if (listener === 'internal') return undefined
  return new ForgedResults(listener === 'inbound' ? ourName : undefined)
}
