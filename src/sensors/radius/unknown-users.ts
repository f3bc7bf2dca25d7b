// Users of accounting that are no customers: counted, listed, and an alarm once a day while there are any. Their addresses belong to no
// customer, so Cordon ties what goes out of them to no customer.

import { DAY } from '../../model/duration.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Worry } from '../../wire/sensor.ts'

export type UnknownUsers = {
  /** Told of, with the access server that did. */
  hear(name: string, nas: string): void
  /** They are customers now. */
  known(name: string): void
  readonly worries: () => readonly Worry[]
}

/** Different ones that are listed; the first ones stay. */
const LISTED = 1000

export function unknownUsers(report: Engine['report'], now: () => number): UnknownUsers {
  const users = new Map<string, { readonly nas: string; times: number }>()
  let more = false
  let saidAt = Number.NEGATIVE_INFINITY
  const count = () => `${users.size}${more ? ' or more' : ''}`
  return {
    hear: (name, nas) => {
      const known = users.get(name)
      if (known) known.times++
      else if (users.size < LISTED) users.set(name, { nas, times: 1 })
      else more = true
      const at = now()
      if (at - saidAt < DAY) return
      saidAt = at
      report({
        kind: 'alarm-raised',
        alarm: 'unknown-customers',
        at,
        about: nas,
        words: `accounting tells of ${count()} user${users.size === 1 && !more ? '' : 's'} who ${users.size === 1 && !more ? 'is no customer' : 'are no customers'}, such as ${name}; cordon network status lists them`,
      })
    },
    known: name => void users.delete(name),
    worries: () =>
      [...users].map(([name, { nas, times }]) => ({
        what: 'unknown user',
        about: name,
        words: `told of ${times === 1 ? 'once' : `${times} times`} by ${nas}; no customer has this number or login`,
      })),
  }
}
