// What a forward leads to in our own domains is there: mail to an address without a mailbox would be taken from its sender and lost.
// Where no customers are in the file, or a feed tells of others, it is not known here which mailboxes there are: then it is no mistake,
// and the operator is warned.

import { domainOf, foldAddress, foldDomain, withoutExtension } from '../../model/mail-address.ts'
import { isRoleMailbox } from '../../model/role-mailbox.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'

const KEYS = [
  'domains',
  'hostname',
  'forwards',
  'mailboxes',
  'traps',
  'subscribers',
  'recipientDelimiter',
] as const

type ForwardsConfig = Pick<Config, (typeof KEYS)[number]>

export const forwardedMailboxes = crossCheck([...KEYS, 'subscriberFeed'], function* (config) {
  if (config.subscribers.length === 0 || config.subscriberFeed !== undefined) return
  for (const { from, to } of leadingNowhere(config))
    yield {
      path: ['forwards', from],
      problem: `${to} is not there: mail forwarded to it would be lost`,
      advice: 'Write an address of a login, or one of mailboxes or forwards.',
    }
})

/** One line for each; none where it is a mistake, or where all customers come from elsewhere. */
export function unknownForwards(
  config: ForwardsConfig & Pick<Config, 'subscriberFeed'>,
): readonly string[] {
  if (config.subscribers.length === 0 || config.subscriberFeed === undefined) return []
  return [...leadingNowhere(config)].map(
    ({ from, to }) =>
      `forwards.${from}: ${to} is not in this file: its mail is lost until subscriberFeed tells of such a login`,
  )
}

function* leadingNowhere(config: ForwardsConfig) {
  const ours = new Set(config.domains.map(foldDomain))
  const isThere = whoIsThere(config)
  for (const [from, to] of Object.entries(config.forwards))
    for (const one of to)
      if (ours.has(domainOf(foldAddress(one))) && !isThere(one)) yield { from, to: one }
}

/** As when mail is taken (src/drivers/directory/recipients-configured.ts). */
function whoIsThere(config: Pick<Config, (typeof KEYS)[number]>): (address: string) => boolean {
  const there = new Set(
    [
      ...config.mailboxes,
      ...config.traps,
      ...Object.keys(config.forwards),
      `postmaster@${config.hostname}`,
    ].map(foldAddress),
  )
  for (const { logins } of config.subscribers)
    for (const { name, addresses } of logins)
      for (const one of [name, ...addresses]) there.add(foldAddress(one))
  const known = (folded: string) => there.has(folded) || isRoleMailbox(folded)
  return address => {
    const folded = foldAddress(address)
    return known(folded) || known(withoutExtension(folded, config.recipientDelimiter))
  }
}
