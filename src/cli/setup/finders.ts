// Everything that `cordon setup` looks for: one file each in finders/, and one line here.

import type { Facts, Finder, FinderOptions, Sighting } from './finding.ts'
import { certificates } from './finders/certificates.ts'
import { cordonUser } from './finders/cordon-user.ts'
import { dovecot } from './finders/dovecot.ts'
import { freeRadius } from './finders/free-radius.ts'
import { kea } from './finders/kea.ts'
import { nft } from './finders/nft.ts'
import { postfix } from './finders/postfix.ts'
import type { Machine } from './machine.ts'

const FINDERS: readonly Finder[] = [
  postfix,
  dovecot,
  kea,
  freeRadius,
  nft,
  certificates,
  cordonUser,
]

/** In their order, looked for side by side. A finder that fails is one that could not read. */
export const foundOn = (machine: Machine, options: FinderOptions): Promise<readonly Sighting[]> =>
  Promise.all(
    FINDERS.map(async ({ what, find }) => {
      try {
        return { what, ...(await find(machine, options)) }
      } catch (error) {
        return { what, state: 'unread' as const, said: (error as Error).message, facts: {} }
      }
    }),
  )

/** Certificates of several finders are one list; all else is said by one of them. */
export function factsOf(findings: readonly Sighting[]): Facts {
  const all = findings.map(({ facts }) => facts)
  return {
    ...(Object.assign({}, ...all) as Facts),
    certificates: all.flatMap(({ certificates: some = [] }) => some),
  }
}
