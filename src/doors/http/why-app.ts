// The page behind a refusal, for the postmaster of the other side: which rule, what it saw, how to mend it, and whether it is
// mended now. No login: only the side that was refused knows the name of the refusal.

import { Hono } from 'hono'
import type { EventOf } from '../../model/event.ts'
import { domainOf } from '../../model/mail-address.ts'
import { parseReference } from '../../model/list-image.ts'
import type { ListedNow } from '../../model/listed-now.ts'
import type { Step } from '../../model/step.ts'
import type { Refusals } from '../../ports/refusals.ts'
import { listedPage, notListedPage } from './listed-page.ts'
import { unknownPage, whyPage } from './why-pages.ts'
import type { RefusalFacts } from './refusal-facts.ts'

export type WhyParts = {
  readonly refusals: Refusals
  /** The entry of our list with this name. */
  readonly listed: (entry: string) => ListedNow | undefined
  readonly explain: (step: Step) => Promise<readonly RefusalFacts[]>
  readonly now: () => number
  readonly provider: string
  /** Where a person reads mail. */
  readonly postmaster: string
  /** Name of the portal, as letters say it. */
  readonly portal: string
}

/** Looking again asks the DNS: so often a minute, for all visitors together. */
const CHECKS = 30
const MINUTE = 60_000

export function whyApp(parts: WhyParts): Hono {
  const app = new Hono()
  let [minute, checks] = [0, 0]
  const mayCheck = () => {
    const now = Math.floor(Date.now() / MINUTE)
    if (now !== minute) [minute, checks] = [now, 0]
    checks++
    return checks <= CHECKS
  }
  app.get('/:id', async context => {
    const id = context.req.param('id')
    if (parseReference(id)) {
      const entry = parts.listed(id)
      return entry
        ? context.html(listedPage(parts, entry))
        : context.html(notListedPage(parts), 404)
    }
    const event = await parts.refusals.find(id)
    return event
      ? context.html(whyPage(parts, event, undefined))
      : context.html(unknownPage(parts), 404)
  })
  app.post('/:id', async context => {
    const event = await parts.refusals.find(context.req.param('id'))
    if (!event) return context.html(unknownPage(parts), 404)
    if (!mayCheck()) return context.html(whyPage(parts, event, 'later'), 429)
    const said = (await parts.explain(againAs(event, parts.now()))).find(
      one => one.rule === event.rule,
    )
    return context.html(whyPage(parts, event, said ?? 'not-again'))
  })
  return app
}

/** The same client with the same greeting and domain; the full addresses of sender and recipient are not kept. */
function againAs({ step, who, rule }: EventOf<'step-judged'>, at: number): Step {
  const { listener, tls = false, helo, sender } = step
  const { realm, address, port = 0 } = who
  const greeting = rule === 'helo-ours' || rule === 'helo-invalid'
  return {
    session: 'look again',
    listener,
    stage: greeting ? 'helo' : 'rcpt',
    at,
    client: { realm, address, port },
    tls,
    ...(helo === undefined ? {} : { helo }),
    sender: sender ? `postmaster@${domainOf(sender)}` : '',
    // Not the postmaster: every sender may write to the postmaster.
    recipient: `somebody@${domainOf(step.recipient ?? '')}`,
    accepted: 0,
  }
}
