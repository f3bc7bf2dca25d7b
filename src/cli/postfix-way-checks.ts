// What else is said of a way in: each check is a function, and one line here.

import { givenBack } from './postfix-given-back.ts'
import { listedTwice } from './postfix-listed-twice.ts'
import { seenFirst } from './postfix-seen-first.ts'
import { mayPermit } from './postfix-may-permit.ts'
import { ownNetworks } from './postfix-own-networks.ts'
import type { WayCheck } from './postfix-way.ts'

export const WAY_CHECKS: readonly WayCheck[] = [
  seenFirst,
  listedTwice,
  mayPermit,
  givenBack,
  ownNetworks,
]
