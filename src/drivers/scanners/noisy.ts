// A scanner made worse on purpose, by known amounts: what the neighbourhood uses to show how much Cordon
// depends on its filter. Each message is drawn by its own content and the seed, so a run can be repeated.

import { createHash } from 'node:crypto'
import type { MessageSummary } from '../../model/message.ts'
import type { Scanner } from '../../ports/scanner.ts'

export type Noise = {
  /** Share of spam that is called spam. */
  readonly sensitivity: number
  /** Share of clean mail that is called spam. */
  readonly falsePositives: number
  readonly seed: number
}

export function noisyScanner(inner: Scanner, noise: Noise): Scanner {
  return {
    name: `${inner.name}, ${noise.sensitivity * 100} % sensitive, ${noise.falsePositives * 100} % false positives`,
    sees: inner.sees,
    scan: async message => {
      const { content: truth } = await inner.scan(message)
      const draw = drawOf(message.summary, noise.seed)
      if (truth === 'spam') return { content: draw < noise.sensitivity ? 'spam' : 'clean' }
      const mistaken = truth === 'clean' && draw < noise.falsePositives
      return { content: mistaken ? 'spam' : truth }
    },
  }
}

/** A number in [0, 1) that depends on the message and the seed alone. */
function drawOf(message: MessageSummary, seed: number): number {
  const digest = createHash('sha256')
    .update(`${seed}\n${message.messageId}\n${message.subject}\n${message.text}`)
    .digest()
  return digest.readUInt32BE(0) / 2 ** 32
}
