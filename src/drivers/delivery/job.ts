// One trip: one message, for those of its recipients that live in the same place and want the same.

import type { Claim } from '../../ports/spool.ts'
import type { Reply } from './sending.ts'
import type { Route } from './routes.ts'

export type Recipient = Claim['recipients'][number]

export type Job = {
  readonly claim: Claim
  readonly route: Route
  readonly recipients: readonly Recipient[]
}

/** What became of a trip; `relay` is the server that answered, `final` that the mail is in its mailbox. */
export type Outcome = {
  readonly replies: ReadonlyMap<string, Reply>
  readonly relay: string
  readonly final: boolean
  /** The next server reports to the sender itself. */
  readonly reports: boolean
  /** A server was there. */
  readonly answered: boolean
}

// RFC 5321 §4.5.3.1.8: every server takes a hundred recipients, and not every one takes more.
const MAX_RECIPIENTS = 100

/** Splits a message into trips. `routes` has a route for every recipient's address. */
export function jobsOf(claim: Claim, routes: ReadonlyMap<string, Route>): Job[] {
  const groups = new Map<string, { route: Route; recipients: Recipient[] }>()
  for (const recipient of claim.recipients) {
    const route = routes.get(recipient.address)
    if (!route) continue
    // A mailbox gets one copy, whatever was asked for each of its addresses: of that we tell ourselves.
    const asked = route.kind === 'mailbox' ? undefined : recipient.esmtp
    const key = JSON.stringify([route.kind, placeOf(route, recipient), asked])
    const group = groups.get(key) ?? { route, recipients: [] }
    group.recipients.push(recipient)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ route, recipients }) => {
    const most = route.kind === 'mailbox' ? recipients.length : MAX_RECIPIENTS
    return Array.from({ length: Math.ceil(recipients.length / most) }, (_, i) => ({
      claim,
      route,
      recipients: recipients.slice(i * most, (i + 1) * most),
    }))
  })
}

/** What shares a trip: one mailbox, or one destination. */
function placeOf(route: Route, recipient: Recipient): string {
  if (route.kind === 'mailbox') return route.name
  return route.kind === 'hops' ? route.destination : recipient.address
}
