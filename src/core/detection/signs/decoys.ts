// A line has talked to a decoy, which no customer has a reason to know. That it talked is enough: one such session is nearly certain.

import { NUMBERS } from '../numbers.ts'
import { certainLine, type NetworkSign } from './sign.ts'

export const decoys: NetworkSign<'egress-attempt'> = {
  name: 'decoys',
  kind: 'egress-attempt',
  // Not a matter of how often: its nats are in core/detection/numbers.ts.
  cells: [],
  counts: event => {
    const subject = certainLine(event.who)
    if (!subject || event.outcome !== 'decoy' || !event.completed) return []
    return [
      {
        id: `decoy/${event.id}`,
        subject,
        at: event.at,
        nats: NUMBERS.decoy.value,
        kinds: ['network'],
        cell: 'egress/decoy',
        why: `talked to a decoy at ${event.destination}`,
        nearCertain: 'of-consumers',
      },
    ]
  },
}
