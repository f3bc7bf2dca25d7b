// Customers: one of each id, one owner for each login and each address.

import { foldAddress } from '../../model/mail-address.ts'
import type { Complaint, Path } from '../complaint.ts'
import { crossCheck } from './cross-check.ts'
import { toldAgain } from './told-again.ts'

export const customers = crossCheck(
  ['subscribers'],
  function* ({ subscribers }) {
    /** Login or address -> the subscriber and login that have it. */
    const owners = new Map<string, { readonly subscriber: string; readonly login: string }>()
    const names: { readonly path: Path; readonly name: string; readonly subscriber: string }[] = []
    for (const { name: id, at } of toldAgain(subscribers.map(one => one.id)))
      yield {
        path: ['subscribers', at, 'id'],
        problem: `there is a subscriber ${id} already`,
        advice: 'Give every customer a number of their own.',
      }
    for (const [i, { id, logins }] of subscribers.entries())
      for (const [j, { name }] of logins.entries())
        names.push({ path: ['subscribers', i, 'logins', j, 'name'], name, subscriber: id })
    for (const { path, name, subscriber } of names) {
      const login = foldAddress(name)
      const before = owners.get(login)
      if (before) yield taken(path, name, before.subscriber, 'Give every login to one subscriber.')
      else owners.set(login, { subscriber, login })
    }
    // After all logins: an address that is a login belongs to that login's customer.
    for (const [i, { id, logins }] of subscribers.entries())
      for (const [j, { name, addresses }] of logins.entries())
        for (const [k, address] of addresses.entries()) {
          const [folded, login] = [foldAddress(address), foldAddress(name)]
          const before = owners.get(folded)
          if (before && before.login !== login)
            yield taken(
              ['subscribers', i, 'logins', j, 'addresses', k],
              address,
              `${before.subscriber} (login ${before.login})`,
              'Give every address to one login.',
            )
          else owners.set(folded, { subscriber: id, login })
        }
  },
  { whole: [], names: true },
)

const taken = (path: Path, name: string, owner: string, advice: string): Complaint => ({
  path,
  problem: `${name} belongs to subscriber ${owner} already`,
  advice,
})
