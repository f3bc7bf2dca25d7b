// A sign that flow records show of a line, in steps: one window is one unit that grows, and each step adds the difference. Flow records
// are one direction of a talk: they count where the network prevents a line from sending with a neighbour's address.

import type { EventOf } from '../../../model/event.ts'
import { DAY } from '../../../model/duration.ts'
import type { TrafficSign } from '../../../model/traffic-sign.ts'
import type { Cell } from '../evidence-table.ts'
import { nats } from '../nats.ts'
import { NUMBERS } from '../numbers.ts'
import { certainLine, type NetworkSign } from './sign.ts'

type Grown = {
  /** An outsider can bring it about: it agrees with no other evidence, and counts once a day, at however many ports. */
  readonly byOthers?: true
}

/** `steps`: from how many on, and what it says then; the same numbers at which src/sensors/flows/flow-watch.ts tells. */
export function grown(
  sign: TrafficSign,
  steps: readonly (readonly [from: number, cell: Cell])[],
  why: (seen: EventOf<'traffic-seen'>) => string,
  { byOthers }: Grown = {},
): NetworkSign<'traffic-seen'> {
  const cells = steps.map(([from, cell]) => ({ name: `traffic/${sign}-${from}`, from, cell }))
  return {
    name: sign,
    kind: 'traffic-seen',
    cells,
    counts: event => {
      const { at, port, count } = event
      const subject = certainLine(event.who)
      if (event.sign !== sign || !subject || !event.antiSpoofed) return []
      const reached = cells.findLastIndex(({ from }) => from <= count)
      const step = cells[reached]
      if (!step) return []
      const before = cells[reached - 1]
      const when = byOthers
        ? `day-${Math.floor(at / DAY)}/${sign}`
        : `${Math.floor(at / NUMBERS.window.value)}/${sign}/${port}`
      return [
        {
          id: `traffic/${subject}/${when}/${step.from}`,
          subject,
          at,
          nats: Math.max(0, nats(step.cell) - (before ? nats(before.cell) : 0)),
          kinds: byOthers ? [] : ['network'],
          cell: step.name,
          why: why(event),
        },
      ]
    },
  }
}
