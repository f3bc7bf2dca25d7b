// What else is said of a way in: each check is a function, and one line here.

import { givenBack } from './postfix-given-back.ts'
import { listedTwice } from './postfix-listed-twice.ts'
import { seenFirst } from './postfix-seen-first.ts'
import { mayPermit } from './postfix-may-permit.ts'
import type { Postfix, Value } from './postfix-services.ts'
import type { Service } from './postfix-settings.ts'
import type { Places, Way } from './postfix-ways-in.ts'

export type Seen = {
  readonly postfix: Postfix
  readonly service: Service
  readonly value: Value
  readonly places: Places
  /** How it is asked about. */
  readonly asked: readonly string[]
}

export type WayCheck = (seen: Seen) => Partial<Pick<Way, 'missing' | 'notes'>>

export const WAY_CHECKS: readonly WayCheck[] = [seenFirst, listedTwice, mayPermit, givenBack]
