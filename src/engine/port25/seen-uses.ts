// Which customers were seen using port 25, and where: kept in memory as it is heard, written down when `flush` is called.

import { seen, seenByBoth } from '../../core/isolation/rollout.ts'
import type { Event } from '../../model/event.ts'
import type { Port25Use } from '../../model/rollout.ts'
import type { Records } from '../../ports/records.ts'

/** Most customers whose use waits to be written down. Uses beyond that are ignored until the next `flush`. */
const MAX_WAITING = 1_000_000

export class SeenUses {
  readonly #onDisk: Records<Port25Use>
  readonly #waiting = new Map<string, Port25Use>()

  constructor(onDisk: Records<Port25Use>) {
    this.#onDisk = onDisk
  }

  /** Told of every event. */
  hear(event: Event): void {
    if (event.kind !== 'egress-attempt' || event.outcome !== 'passed' || event.port !== 25) return
    const { who } = event
    if (who.sure !== 'certain' || who.subscriber === undefined) return
    const id = who.subscriber
    const known = this.#waiting.get(id) ?? this.#onDisk.get(id)
    if (this.#waiting.size >= MAX_WAITING) return
    this.#waiting.set(
      id,
      seen(known ?? { id, destinations: [], more: false, fanOut: 0 }, {
        address: event.destination,
        fanOut: event.fanOut ?? 1,
        at: event.at,
      }),
    )
  }

  /** As they are on disk, with what has come since. */
  *all(): Generator<Port25Use> {
    for (const use of this.#onDisk.all()) if (!this.#waiting.has(use.id)) yield use
    yield* this.#waiting.values()
  }

  async flush(): Promise<void> {
    const changed = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const use of changed)
      await this.#onDisk.change(use.id, now => (now ? seenByBoth(now, use) : use))
  }
}
