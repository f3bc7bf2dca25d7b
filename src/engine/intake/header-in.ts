// The header of a message on its way in, looked at on the engine's thread in pieces: of a header that is long, or folded into very many
// lines, others wait for one piece at most. What is behind the header is passed on as it comes.

import type { ForgedResults } from '../../mail/forged-results.ts'
import type { HeaderEnd } from '../../mail/header-end.ts'
import type { Readings, ReadingTurn } from '../../ports/readings.ts'

/** Bytes of a header in one piece: 400,000 steps at most (`test/cost/mail.test.ts`). The headers of most messages are one. */
export const HEADER_PIECE = 16 * 1024

const EMPTY_LINE = Buffer.from('\r\n\r\n')

export type HeaderInParts = {
  readonly header: HeaderEnd
  readonly filter: Pick<ForgedResults, 'push' | 'end'> | undefined
  readonly readings: Pick<Readings, 'header'>
  readonly turn: () => ReadingTurn
}

export class HeaderIn {
  readonly #parts: HeaderInParts
  #isGone = false

  constructor(parts: HeaderInParts) {
    this.#parts = parts
  }

  /** What may be stored goes to `store`, in order. Wait for one write before the next. */
  async write(chunk: Uint8Array, store: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const { header, readings, turn } = this.#parts
    for (let rest = chunk; rest.length > 0 && !this.#isGone; ) {
      if (!header.isOpen) return store(this.#push(rest))
      const piece = pieceOf(rest)
      rest = rest.subarray(piece.length)
      const waited = readings.header(Math.min(piece.length, HEADER_PIECE), turn)
      if (waited) await waited
      if (!this.#isGone) await store(this.#push(piece))
    }
  }

  /** Nothing more of it is wanted; what still waits is not looked at. */
  leave(): void {
    this.#isGone = true
  }

  /** Call after the last write: what was kept back. */
  end(): Uint8Array {
    const { header, filter } = this.#parts
    return filter ? Buffer.concat([filter.push(header.end()), filter.end()]) : header.end()
  }

  #push(bytes: Uint8Array): Uint8Array {
    const { header, filter } = this.#parts
    const passed = header.push(bytes)
    return filter ? filter.push(passed) : passed
  }
}

/** With all that is behind the header, where that ends in the first piece: nothing of it is looked at here. */
function pieceOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= HEADER_PIECE) return bytes
  const first = bytes.subarray(0, HEADER_PIECE)
  const hasEnd = Buffer.from(first.buffer, first.byteOffset, first.length).includes(EMPTY_LINE)
  return hasEnd ? bytes : first
}
