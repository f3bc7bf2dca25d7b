// Whether any address of the own domains exists: to all others mail from outside is refused (550 5.1.1), whatever else only observes.

import type { Config } from '../../../config/schema.ts'
import type { Check } from '../../check.ts'

type Addressed = Pick<Config, 'listeners' | 'domains' | 'subscribers' | 'subscriberFeed'>

/** Nothing where no mail from outside comes in, or the customers are told by another system. */
export function mailboxesChecked({
  listeners,
  domains,
  subscribers,
  subscriberFeed,
}: Addressed): readonly Check[] {
  const takesMail = listeners.some(({ kind }) => kind === 'inbound') && domains.length > 0
  if (!takesMail || subscriberFeed !== undefined) return []
  const what = `mailboxes of ${domains.join(', ')}`
  const logins = subscribers.flatMap(one => one.logins)
  if (logins.length > 0)
    return [{ what, state: 'good', said: `${logins.length} in the configuration` }]
  return [
    {
      what,
      state: 'missing',
      said: 'the configuration names none: all mail to them is refused (550), but to postmaster and abuse',
      write:
        'subscribers (cordon config example), subscriberFeed (docs/configuration.md) or cordon subscriber import; and mailboxStore, where another server keeps them',
    },
  ]
}
