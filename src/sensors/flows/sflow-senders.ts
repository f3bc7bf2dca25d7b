// Exporters that send sFlow, which is not supported: it carries pieces of packets, not flows. Only so much of it is read that this can be
// said plainly, where the operator looks.

import { MINUTE } from '../../model/duration.ts'
import type { Worry } from '../../wire/sensor.ts'

/** Told for so long after the last packet. */
const TOLD_FOR = 15 * MINUTE
/** Only exporters that are named are heard, each with some ports of its own. */
const MAX_SENDERS = 1000

export class SflowSenders {
  readonly #lastAt = new Map<string, number>()

  hear(packet: DataView, from: string, now: number): void {
    if (!isSflow(packet)) return
    if (this.#lastAt.has(from) || this.#lastAt.size < MAX_SENDERS) this.#lastAt.set(from, now)
  }

  worries(now: number): Worry[] {
    return [...this.#lastAt].flatMap(([from, at]) => {
      if (now - at > TOLD_FOR) this.#lastAt.delete(from)
      if (now - at > TOLD_FOR) return []
      const words = 'it sends sFlow, which is not supported: nothing is known of these lines'
      return [{ what: 'sflow', about: `flows ${from}`, words }]
    })
  }
}

/** Its version is a number of 32 bits, 2, 4 or 5; the kind of the agent's address follows, 1 or 2. */
const isSflow = (packet: DataView): boolean =>
  packet.byteLength >= 8 && [2, 4, 5].includes(packet.getUint32(0)) && isFamily(packet.getUint32(4))
const isFamily = (kind: number): boolean => kind === 1 || kind === 2
