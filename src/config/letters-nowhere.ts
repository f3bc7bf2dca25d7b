// Beside another mail server: letters to our own domains would lie in Maildirs here, while people read their mail there. It can be meant, where
// a program reads these Maildirs; the operator is told.

import type { Config } from './schema.ts'
import { saysSomething } from './written.ts'

/** One line; undefined where letters reach a server, or mail comes in here. */
export function lettersNowhere(config: Config): string | undefined {
  const { domains, mailboxStore, milter, policyService, passwordsAt, listeners } = config
  const isBeside = [milter, policyService, passwordsAt].some(saysSomething)
  if (!isBeside || mailboxStore || listeners.some(({ kind }) => kind === 'inbound'))
    return undefined
  return domains.length === 0
    ? undefined
    : `letters and delivery reports to ${domains.slice(0, 3).join(', ')} go into Maildirs in the data folder, which no other server reads: name the server that keeps the mailboxes, mailboxStore: { host: 127.0.0.1 }`
}
