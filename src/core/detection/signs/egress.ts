// Knocking at other people's port 25 where it is closed or redirected. One window is one unit that grows: each step adds the difference.

import type { EventOf } from '../../../model/event.ts'
import type { Subject, Unit } from '../../../model/evidence.ts'
import { nats } from '../nats.ts'
import { NUMBERS } from '../numbers.ts'
import { fanOutOps, windowOf } from './fan-out.ts'
import { certainLine, type NetworkSign, type SignCell, type Unstamped } from './sign.ts'

/** Ten minutes in which a line tried port 25 of servers of this many organisations (fan-out.ts) and was not let through. */
const CELLS: readonly SignCell[] = [
  {
    name: 'egress/fan-out-3',
    from: 3,
    cell: { p0: 0.02, p1: 0.25, source: 'a misconfigured mail server tries a few [est]' },
  },
  {
    name: 'egress/fan-out-6',
    from: 6,
    cell: { p0: 0.002, p1: 0.65, source: 'direct-to-MX bots try many a minute [est]' },
  },
]

export const egress: NetworkSign<'egress-attempt'> = {
  name: 'egress',
  kind: 'egress-attempt',
  cells: CELLS,
  asks: event =>
    certainLine(event.who) && isSign(event)
      ? { about: 'organisation', address: event.destination }
      : undefined,
  // Those that were let through are counted for the rollout: which of its customers look infected.
  needs: (event, subject, epoch) => (isOfTheLine(event) ? fanOutOps(event, subject, epoch) : []),
  counts: event => {
    const subject = certainLine(event.who)
    return subject && isSign(event) ? steps(event, subject) : []
  },
}

/** A SYN can carry a neighbour's address unless the network forbids it; a completed session cannot. */
const isOfTheLine = ({ completed, antiSpoofed }: Unstamped<'egress-attempt'>): boolean =>
  completed || antiSpoofed

/** A decoy has a sign of its own. */
const isSign = (event: Unstamped<'egress-attempt'>): boolean =>
  event.outcome !== 'decoy' && event.outcome !== 'passed' && isOfTheLine(event)

function steps(event: EventOf<'egress-attempt'>, subject: Subject): Unit[] {
  const { at, port, fanOut = 0, servers = fanOut, organisations = 0 } = event
  const byName = organisations === 0 ? '' : `, of ${organisations} organisations by name`
  const unit = (step: string, more: number): Unit => ({
    id: `egress/${subject}/${windowOf(at)}/${step}`,
    subject,
    at,
    nats: more,
    kinds: ['network'],
    cell: `egress/fan-out-${step}`,
    why: `port ${port} of ${servers} different servers within ten minutes${byName}`,
  })
  const units: Unit[] = []
  let said = 0
  for (const { from, cell } of CELLS) {
    if (fanOut < from) break
    units.push(unit(String(from), nats(cell) - said))
    said = nats(cell)
  }
  const { certainFanOut, certainInProbation } = NUMBERS
  if (fanOut >= certainInProbation.value)
    units.push({ ...unit(`${certainInProbation.value}p`, 0), nearCertain: 'in-probation' })
  if (fanOut >= certainFanOut.value)
    units.push({ ...unit(String(certainFanOut.value), 0), nearCertain: 'of-consumers' })
  return units
}
