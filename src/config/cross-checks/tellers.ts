// Each source (exporter, router, NAT) stands in one entry: of two with one address the second would be ignored.

import type { Complaint, Path } from '../complaint.ts'
import { crossCheck } from './cross-check.ts'
import { toldAgain } from './told-again.ts'

export const tellers = crossCheck(
  ['radius', 'radiusCoa', 'kea'],
  function* ({ radius, radiusCoa, kea }) {
    yield* twice(['radius', 'clients'], radius?.clients.map(one => one.address) ?? [])
    for (const [i, { servers }] of radiusCoa.entries())
      yield* twice(
        ['radiusCoa', i, 'servers'],
        servers.map(one => one.nas),
      )
    yield* twice(['kea', 'files'], kea?.files ?? [])
  },
  { whole: [] },
)

function* twice(path: Path, names: readonly string[]): Iterable<Complaint> {
  for (const { name, at, first } of toldAgain(names))
    yield {
      path: [...path, at],
      problem: `${name} stands at #${first + 1} already`,
      advice: 'Write each once.',
    }
}
