// Mailboxes and forwards of our own domains, from the configuration and the customers' addresses.

import { withoutTag } from '../../mail/batv.ts'
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

export type ConfiguredRecipients = Recipients & { replace(settings: RecipientSettings): void }

/** `bounceTo` says whose bounce an address of ours is (SRS). */
export function configuredRecipients(
  settings: RecipientSettings,
  subscribers: Subscribers,
  bounceTo: (address: string) => string | undefined = () => undefined,
): ConfiguredRecipients {
  let { domains, forwards, extra } = lookedUp(settings)
  return {
    replace: next => {
      ;({ domains, forwards, extra } = lookedUp(next))
    },
    isLocal: domain => domains.has(domain),
    find: async given => {
      // A tag (BATV) says nothing about whose address it is; whether it is ours is for a rule to ask.
      const address = withoutTag(given) ?? given
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

const lookedUp = ({ domains, forwards, mailboxes }: RecipientSettings) => ({
  domains: new Set(domains.map(domain => domain.toLowerCase())),
  forwards: new Map(Object.entries(forwards).map(([from, to]) => [foldAddress(from), to])),
  extra: new Set(mailboxes.map(foldAddress)),
})
