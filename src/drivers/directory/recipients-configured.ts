// Mailboxes and forwards of our own domains, from the configuration and the customers' addresses.

import { domainOf, foldAddress } from '../../model/mail-address.ts'
import type { Recipients } from '../../ports/recipients.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

export type RecipientSettings = {
  readonly domains: readonly string[]
  /** Address -> where it is sent on to. */
  readonly forwards: Readonly<Record<string, readonly string[]>>
  /** Mailboxes that belong to nobody's login: postmaster, abuse. */
  readonly mailboxes: readonly string[]
}

/** `bounceTo` says whose bounce an address of ours is (SRS). */
export function configuredRecipients(
  settings: RecipientSettings,
  subscribers: Subscribers,
  bounceTo: (address: string) => string | undefined = () => undefined,
): Recipients {
  const domains = new Set(settings.domains.map(domain => domain.toLowerCase()))
  const forwards = new Map(
    Object.entries(settings.forwards).map(([from, to]) => [foldAddress(from), to]),
  )
  const extra = new Set(settings.mailboxes.map(foldAddress))
  return {
    isLocal: domain => domains.has(domain),
    find: async address => {
      const folded = foldAddress(address)
      const to = forwards.get(folded)
      if (to) return { kind: 'forward', to }
      const login = subscribers.loginOf(folded)
      if (login) return { kind: 'mailbox', name: login.name }
      const sender = bounceTo(address)
      if (sender !== undefined) return { kind: 'forward', to: [sender] }
      // RFC 5321 §4.5.1: postmaster is always there.
      const known = extra.has(folded) || folded === `postmaster@${domainOf(folded)}`
      return known ? { kind: 'mailbox', name: folded } : undefined
    },
  }
}
