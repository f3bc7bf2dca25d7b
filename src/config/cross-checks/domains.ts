// Our domains: what is a mailbox or a login here is in one of them, and mail from outside has some to come for.

import { isOutside } from '../../model/login-outside.ts'
import { domainOf, foldAddress } from '../../model/mail-address.ts'
import type { Complaint, Path } from '../complaint.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'

const KEYS = ['domains', 'listeners', 'subscribers', 'mailboxes', 'traps', 'forwards'] as const
type DomainsConfig = Pick<Config, (typeof KEYS)[number]>

export const domains = crossCheck(
  KEYS,
  function* (config) {
    const ours = new Set(config.domains)
    const outside = (path: Path, address: string): Complaint[] =>
      ours.has(domainOf(address))
        ? []
        : [
            {
              path,
              problem: `${address} is in none of our domains, so no mail reaches it`,
              advice: 'Write an address of one of the domains, or add its domain to them.',
            },
          ]
    if (ours.size === 0 && config.listeners.some(one => one.kind === 'inbound'))
      yield {
        path: ['domains'],
        problem: 'an inbound listener has no domains to take mail for',
        advice: 'Write the domains whose mailboxes are here.',
      }
    for (const [i, one] of config.mailboxes.entries()) yield* outside(['mailboxes', i], one)
    for (const from of Object.keys(config.forwards)) yield* outside(['forwards', from], from)
    for (const [i, { logins }] of config.subscribers.entries())
      for (const [j, { name }] of logins.entries())
        if (isOutside(ours, name)) yield* outside(['subscribers', i, 'logins', j, 'name'], name)
    yield* trapped(config)
  },
  { whole: ['domains'], names: true },
)

/** An address that a customer was given is no trap: a sender to it would be called infected. */
function* trapped({
  domains: ours,
  subscribers,
  mailboxes,
  traps,
  forwards,
}: DomainsConfig): Iterable<Complaint> {
  if (traps.length === 0) return
  // Every domain has these.
  const roles = ours.flatMap(domain => [
    `postmaster@${domain}`,
    `abuse@${domain}`,
    `abuse-desk@${domain}`,
    `abuse-reports@${domain}`,
  ])
  const given = new Set([...mailboxes, ...Object.keys(forwards), ...roles].map(foldAddress))
  for (const { logins } of subscribers)
    for (const { name, addresses } of logins)
      for (const one of [name, ...addresses]) given.add(foldAddress(one))
  for (const [i, trap] of traps.entries())
    if (given.has(foldAddress(trap)))
      yield {
        path: ['traps', i],
        problem: `${trap} is the address of a login`,
        advice: 'Write addresses that were never in use.',
      }
}
