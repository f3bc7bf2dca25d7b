// NATs of whose lines none fits what is configured: then no block of theirs is known, and `cordon network doctor` says so. A line that
// fits now and then is enough: a NAT logs much else.

import type { Worry } from '../../wire/sensor.ts'

export type UnreadLines = {
  /** A line of a NAT whose address is configured came; `fits`: it is of a block. */
  hear(from: string, line: string, fits: boolean): void
  worries(): readonly Worry[]
}

/** Fewer may be about something else. */
const ENOUGH = 20
/** Characters of a line that are shown. */
const SHOWN = 80

export function unreadLines(): UnreadLines {
  const all = new Map<string, { lines: number; fits: boolean; last: string }>()
  return {
    hear: (from, line, fits) => {
      const known = all.get(from) ?? { lines: 0, fits: false, last: '' }
      all.set(from, known)
      known.lines++
      if (fits) known.fits = true
      else if (!known.fits) known.last = line.slice(0, SHOWN)
    },
    worries: () =>
      [...all]
        .filter(([, { lines, fits }]) => !fits && lines >= ENOUGH)
        .map(([about, { lines, last }]) => ({
          what: 'NAT log unread',
          about,
          words: `none of ${lines} lines is of the form natLog.allocated, active or released; the last one: ${last}`,
        })),
  }
}
