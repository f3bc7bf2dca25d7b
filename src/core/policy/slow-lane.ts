// The slow lane: mail of strangers is taken, kept for some minutes and looked at again, when scanners and lists have heard of
// what comes in waves; then it is delivered in due course, to Junk if it looks bad by then. Off unless the operator turns it on,
// because it delays people's mail. Never for lists, reports, answers, people one has written with, and domains known here.

import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { DAY, MINUTE } from '../../model/duration.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { AttributedStep } from '../../model/step.ts'
import { isPublic } from './public-address.ts'
import type { Mode, Rule } from './rule.ts'

/** Off with `rules.slow-lane: off`, which is the default. */
export type SlowLaneSettings = {
  /** ms that a stranger's mail is kept: `strangers.slowLane.delay`, 20m by default, 0s to 30m. */
  readonly delay: number
}

/** Whatever is configured: no mail waits longer than this. */
const LONGEST = 30 * MINUTE
const REMEMBERED = 90 * DAY
/** A domain is known when it wrote before this. */
const KNOWN_AFTER = DAY

export function slowLane(mode: Mode, { delay }: SlowLaneSettings): Rule {
  return {
    name: 'slow-lane',
    about:
      'A stranger’s mail is held for some minutes and scanned again; mail of lists, answers, and mail of known domains is not held.',
    reasons: ['slow-lane'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    counts: step => {
      const domain = organisationOf(step)
      return domain === '' ? [] : [{ op: 'mark', key: `wrote:${domain}`, ttl: REMEMBERED }]
    },
    decide: (step, { readings: [wrote] }) => {
      if (isSpared(step)) return undefined
      const known = wrote?.first !== undefined && step.at - wrote.first >= KNOWN_AFTER
      if (known && step.authentication?.dmarc.result === 'pass') return undefined
      return { kind: 'hold', reason: 'slow-lane', until: step.at + Math.min(delay, LONGEST) }
    },
  }
}

/** Reports have no sender: they are never kept. */
function organisationOf({ client, sender = '' }: AttributedStep): string {
  return sender === '' || !isPublic(client.address) ? '' : organisationalDomain(domainOf(sender))
}

const isSpared = (step: AttributedStep): boolean =>
  organisationOf(step) === '' || step.message?.listId !== undefined || step.unknownTo === 0
