// How a sender is called in the table, and found by that name.

import type { LoggedSender } from '../../model/logged-mail.ts'

/** A login as it is, another with its kind; a login that looks like another kind, too. */
export const nameOf = ({ kind, name }: LoggedSender): string =>
  kind === 'login' && !/^(?:login|user|address|unsure|line):/.test(name) ? name : `${kind}:${name}`

/** By that, or by the name alone. */
export function isCalled(who: LoggedSender, wanted: string): boolean {
  const name = wanted.toLowerCase()
  return who.name === name || `${who.kind}:${who.name}` === name
}
