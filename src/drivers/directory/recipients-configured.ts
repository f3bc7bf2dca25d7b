// Mailboxes and forwards of our own domains, from the configuration and the customers' addresses.

import { withoutTag } from '../../mail/batv.ts'
import { domainOf, foldAddress, foldDomain, withoutExtension } from '../../model/mail-address.ts'
import { isRoleMailbox } from '../../model/role-mailbox.ts'
import type { Mailbox, Recipients } from '../../ports/recipients.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

export type RecipientSettings = {
  readonly domains: readonly string[]
  /** Address -> where it is sent on to; one that names itself keeps a copy. */
  readonly forwards: Readonly<Record<string, readonly string[]>>
  /** Mailboxes that belong to no login: postmaster, abuse. */
  readonly mailboxes: readonly string[]
  /** `hostname`, localhost by default. */
  readonly hostname: string
  /** Behind it in a local part stands what its owner likes; empty where there is no such thing: `recipientDelimiter`, + by default. */
  readonly recipientDelimiter: string
}

export type ConfiguredRecipients = Recipients & { replace(settings: RecipientSettings): void }

/** `bounceTo` says whose bounce an address of ours is (SRS). */
export function configuredRecipients(
  settings: RecipientSettings,
  subscribers: Subscribers,
  bounceTo: (address: string) => string | undefined = () => undefined,
): ConfiguredRecipients {
  let { domains, forwards, extra, hostname, delimiter } = lookedUp(settings)
  const known = (folded: string): Mailbox | undefined => {
    const forward = forwards.get(folded)
    if (forward && !forward.keeps) return { kind: 'forward', to: forward.to }
    const login = subscribers.loginOf(folded)
    // Not one that is found without what is behind a delimiter: another mailbox may have this very name.
    const isLogins = login && (login.name === folded || login.addresses.includes(folded))
    const name = isLogins ? login.name : folded
    if (forward) return { kind: 'forward', to: forward.to, keeps: name }
    const isThere = isLogins || extra.has(folded) || isRoleMailbox(folded)
    return isThere ? { kind: 'mailbox', name } : undefined
  }
  return {
    replace: next => {
      ;({ domains, forwards, extra, hostname, delimiter } = lookedUp(next))
    },
    isLocal: domain => domains.has(domain),
    isOurs: address => {
      const domain = domainOf(address)
      // The roles of this machine itself: its name need not be one of our domains.
      return domains.has(domain) || (domain === hostname && isRoleMailbox(foldAddress(address)))
    },
    find: async given => {
      // A tag (BATV) says nothing about whose address it is; whether it is ours is for a rule to ask.
      const address = withoutTag(given) ?? given
      const folded = foldAddress(address)
      const exact = known(folded)
      if (exact) return exact
      const sender = bounceTo(address)
      if (sender !== undefined) return { kind: 'forward', to: [sender] }
      const base = withoutExtension(folded, delimiter)
      return base === folded ? undefined : known(base)
    },
  }
}

const lookedUp = (given: RecipientSettings) => ({
  domains: new Set(given.domains.map(foldDomain)),
  forwards: new Map(Object.entries(given.forwards).map(entry => forwardOf(...entry))),
  extra: new Set(given.mailboxes.map(foldAddress)),
  hostname: foldDomain(given.hostname),
  delimiter: given.recipientDelimiter,
})

function forwardOf(from: string, to: readonly string[]) {
  const folded = foldAddress(from)
  const others = to.filter(one => foldAddress(one) !== folded)
  return [folded, { to: others, keeps: others.length < to.length }] as const
}
