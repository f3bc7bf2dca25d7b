// Reports about mail that never came from here (forged bounces): what we send bears a tag that only we can write (BATV), and a
// report to an address that sends through us, but without that tag, is about mail of another system. Judged at the end of the
// message: other servers ask with an empty sender whether an address exists, and must get an answer. Turned on, the rule tags; it refuses
// nothing before it has tagged on so many days that reports of older mail are over. An address too long for a tag sends without one, and
// reports to such an address are accepted when it has sent. So is what answers a message that this person really sent, by its id:
// programs answer to From where RFC 3834 wants the Return-Path, and a forger of mail does not know our ids.

import { messageIds } from '../../mail/answered-ids.ts'
import { type Batv, withoutTag } from '../../mail/batv.ts'
import type { Op } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import { domainOf, foldAddress, personOf } from '../../model/mail-address.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

/** Off with `rules.bounce-control: off`, which is the default. */
export type BounceControlSettings = {
  readonly tags: Batv
  /** Addresses that also send from elsewhere, and owners of lists: a report to them is always taken. */
  readonly exempt: readonly string[]
  /**
   * Days with tagged mail before anything is refused; that on which it began, and the present one, may be minutes: there is one more.
   * `strangers.bounceControl.observes`, 14d by default, 0d to 365d.
   */
  readonly observes: number
  /** What is behind it in a local part is the same mailbox. */
  readonly delimiter?: string
}

/** An address that has not sent for so long is not known to send through us. */
const REMEMBERED = 90 * DAY
/** A program answers so long after a message was sent. */
const ANSWERED_FOR = 14 * DAY

export function bounceControl(
  mode: Mode,
  { tags, exempt, observes, delimiter }: BounceControlSettings,
  isLocal: (domain: string) => boolean,
): Rule {
  /** An address whose first tagged message is of today may have sent another way yesterday. */
  const before = Math.min(observes, 1)
  const always = new Set(exempt.map(foldAddress))
  /** A tag that is not ours, or has ended, is none. */
  const nameOf = (address: string) => personOf(withoutTag(address) ?? address, delimiter)
  /** The recipients of a report that have no valid tag of ours. */
  const untagged = (step: AttributedStep) =>
    (step.recipients ?? []).filter(to => isLocal(domainOf(to)) && !tags.isOurs(to, step.at))
  return {
    name: 'bounce-control',
    about:
      'Mail with the null sender (DSNs and automatic answers, but not receipts) goes to a tagged sender address of ours (BATV), or names a message that this sender really sent.',
    reasons: ['forged-bounce'],
    listeners: ['inbound', 'submission', 'trusted-network'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    // So that a report which is refused is charged to no quota.
    countsAttempts: ['message'],
    counts: step => {
      if (step.listener !== 'inbound') return sent(step, tags, delimiter)
      if (step.sender !== '' || step.message?.receipt) return []
      const wrong = untagged(step)
      const answered = step.message?.answered ?? []
      return [
        days('everybody', []),
        ...wrong.map(to => days(nameOf(to), [])),
        ...wrong.map(to => daysWithout(to, [])),
        ...wrong.map(to => idsOf(nameOf(to), answered, { asks: true })),
      ]
    },
    decide: (step, { readings: [all, ...each] }) => {
      if (step.listener !== 'inbound' || (all?.value ?? 0) <= observes) return undefined
      const wrong = untagged(step)
      const answered = step.message?.answered?.length ?? 0
      const forged = wrong.filter((to, i) => {
        const [tagged, without, ids] = [0, 1, 2].map(kind => each[i + kind * wrong.length])
        if (always.has(nameOf(to)) || (tagged?.value ?? 0) <= before) return false
        const wentWithout = !tags.fits(to) && (without?.value ?? 0) > 0
        return !wentWithout && (ids?.novel ?? answered) === answered
      })
      // One recipient for whom it is right, and it goes to all.
      return forged.length > 0 && forged.length === step.recipients?.length
        ? { kind: 'reject', reason: 'forged-bounce' }
        : undefined
    },
  }
}

/** Notes that mail goes out, with a tag or without, and its id. */
function sent({ sender, at, message }: AttributedStep, tags: Batv, delimiter?: string): Op[] {
  if (!sender) return []
  const today = [String(Math.floor(at / DAY))]
  const person = personOf(sender, delimiter)
  const ids = messageIds(message?.messageId ?? '').slice(0, 1)
  return [
    ...(tags.fits(sender)
      ? [days('everybody', today), days(person, today)]
      : [daysWithout(sender, today)]),
    ...(ids.length > 0 ? [idsOf(person, ids)] : []),
  ]
}

/** Days on which `whom` has sent with a tag. */
const days = (whom: string, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `tagged:${whom}`,
  members,
  window: REMEMBERED,
  kept: true,
})

/** Days on which exactly this address has sent without a tag. */
const daysWithout = (address: string, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `untagged:${foldAddress(address)}`,
  members,
  window: REMEMBERED,
  kept: true,
})

/** Ids of messages that this person has sent: the last 1,024, as hashes. */
const idsOf = (
  person: string,
  members: readonly string[],
  how: { readonly asks?: true } = {},
): Op => ({ op: 'distinct', key: `sent-ids:${person}`, members, window: ANSWERED_FOR, ...how })
