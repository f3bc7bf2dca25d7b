// Servers that mail is handed to: for domains that are not ours, with a login that is whole.

import { isDomain } from '../../model/mail-address.ts'
import type { Complaint, Path } from '../complaint.ts'
import type { Config } from '../schema.ts'
import { crossCheck } from './cross-check.ts'

export const mailHops = crossCheck(
  ['routes', 'mailboxStore', 'domains'],
  function* ({ routes, mailboxStore, domains }) {
    const ours = new Set(domains.map(one => one.toLowerCase()))
    for (const [domain, hop] of Object.entries(routes)) {
      const path = ['routes', domain]
      if (domain !== '*' && (!isDomain(domain) || domain !== domain.toLowerCase()))
        yield {
          path,
          problem: `${domain} is no domain in lower case`,
          advice: 'Write a domain, such as example.org, or "*" for all others.',
        }
      if (ours.has(domain))
        yield {
          path,
          problem: `${domain} is one of our domains, whose mail goes to mailboxes and never by a route`,
          advice: 'Write mailboxStore, or take the domain out of domains.',
        }
      yield* wholeLogin(path, hop)
    }
    if (mailboxStore) yield* wholeLogin(['mailboxStore'], mailboxStore)
  },
)

function* wholeLogin(
  path: Path,
  { user, password }: NonNullable<Config['mailboxStore']>,
): Iterable<Complaint> {
  if (user !== undefined && password === undefined)
    yield {
      path: [...path, 'user'],
      problem: 'there is a user and no password',
      advice: 'Write both, or neither.',
    }
  if (user === undefined && password !== undefined)
    yield {
      path: [...path, 'password'],
      problem: 'there is a password and no user',
      advice: 'Write both, or neither.',
    }
}
