// A way in of a Postfix: what is known of it, and what is said.

import type { Postfix, Value } from './postfix-services.ts'
import type { Service } from './postfix-settings.ts'

/** Where Cordon listens, as Postfix writes it: `inet:127.0.0.1:10031`. Undefined: it has no such door. */
export type Places = {
  readonly policy: string | undefined
  readonly milter: string | undefined
  /** Networks that send without a login, as each door has them (`mynetworks`); undefined where its `listener` makes no client a stranger. */
  readonly own?: {
    readonly milter: readonly string[] | undefined
    readonly policyService: readonly string[] | undefined
  }
  /** Evidence only observes. */
  readonly observes?: boolean
}

export type Way = {
  readonly service: string
  /** How Postfix asks about this mail: `milter`, `policy service`. Empty: not at all. */
  readonly asked: readonly string[]
  /** What is wrong, each with the line that mends it. */
  readonly missing: readonly { readonly what: string; readonly write: string }[]
  /** What an operator should know, and need not change. */
  readonly notes: readonly string[]
  /** In words, of what is no way in. */
  readonly state?: string
}

/** What a check of a way in is given. */
export type LookedWay = {
  readonly postfix: Postfix
  readonly service: Service
  readonly value: Value
  readonly places: Places
  /** How it is asked about. */
  readonly asked: readonly string[]
}

export type WayCheck = (seen: LookedWay) => Partial<Pick<Way, 'missing' | 'notes'>>
