// Each source (exporter, router, NAT) stands in one entry: of two with one address the second would be ignored.

import type { Complaint, Path } from '../complaint.ts'
import { crossCheck } from './cross-check.ts'

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
  const seen = new Map<string, number>()
  for (const [i, name] of names.entries()) {
    const before = seen.get(name)
    if (before !== undefined)
      yield {
        path: [...path, i],
        problem: `${name} stands at #${before + 1} already`,
        advice: 'Write each once.',
      }
    else seen.set(name, i)
  }
}
