// What a device has not confirmed, as something to look at: one row for each kind of answer, however many entries it is about.

import type { Held, Standing } from '../../ports/network-control.ts'
import type { NetworkStatus } from '../../ports/reading.ts'

/** What is being said just now is none: it is not known yet. `about`: name of the driver. */
export function unconfirmed(about: string, all: readonly Held[]): NetworkStatus['worries'] {
  const kinds = new Map<Standing, { count: number; readonly first: Held }>()
  for (const entry of all) {
    const { standing, words } = entry
    if (standing === undefined || (standing === 'unsure' && words === undefined)) continue
    const kind = kinds.get(standing)
    if (kind) kind.count++
    else kinds.set(standing, { count: 1, first: entry })
  }
  return [...kinds].map(([standing, { count, first }]) => {
    const { prefix, subscriber, words } = first
    const why = words === undefined ? '' : `: ${words}`
    const many = count === 1 ? '' : `${count} entries, among them `
    return {
      what: `not confirmed: ${standing}`,
      about,
      words: `${standing}: ${many}${prefix} of ${subscriber}${why}`,
    }
  })
}
