// How widely a line knocks at port 25. Not by addresses: a mail program tries one exchanger of a domain after the other, so two mails of a
// machine at home are ten addresses. Organisations are counted where the DNS says whose a server is, and a few servers as one where it does
// not. Many servers are many whatever they are called: some bots write to the customers of one large provider only.

import type { Op, Reading } from '../../../model/counter.ts'
import type { Subject } from '../../../model/evidence.ts'
import type { KnockCounts } from '../../../model/knock-counts.ts'
import { NUMBERS } from '../numbers.ts'
import type { Unstamped } from './sign.ts'

type Attempt = Pick<Unstamped<'egress-attempt'>, 'at' | 'destination' | 'organisation' | 'outcome'>
type FanOut = Required<Omit<KnockCounts, 'organisation'>>

export const windowOf = (at: number): number => Math.floor(at / NUMBERS.window.value)

/** Read in this order by `fanOutOf`. A release begins a new count (`epoch`): what was before it is over. */
export function fanOutOps(attempt: Attempt, subject: Subject, epoch: number): Op[] {
  const { at, destination, organisation, outcome } = attempt
  // What was let through makes no other attempt look worse.
  const prefix = outcome === 'passed' ? 'egress-passed' : 'egress'
  const different = (what: string, members: readonly string[]): Op => ({
    op: 'distinct',
    key: `${prefix}:${subject}:${epoch}:${windowOf(at)}${what}`,
    members,
    window: NUMBERS.window.value,
    ...(members.length === 0 ? { asks: true as const } : {}),
  })
  return [
    different('', [destination]),
    different(':organisations', organisation === undefined ? [] : [organisation]),
    different(':named', organisation === undefined ? [] : [destination]),
  ]
}

export function fanOutOf(readings: readonly Reading[]): FanOut {
  const [servers = 0, organisations = 0, named = 0] = readings.map(({ value }) => value)
  const forOne = NUMBERS.serversForOne.value
  const byName = organisations + Math.max(0, servers - named) / forOne
  return { servers, organisations, fanOut: Math.floor(Math.max(byName, servers / forOne)) }
}
