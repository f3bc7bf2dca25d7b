// Stamps without a zone, of a log whose zone is known by the configuration.

import { DAY, HOUR } from '../../model/duration.ts'

type Moment = { readonly at: number; readonly zoneKnown: boolean }

/** Stamps of one zone; it remembers what its clock was ahead by, for a quarter of an hour. */
export class LocalStamps {
  readonly #format: Intl.DateTimeFormat
  readonly #known = new Map<number, number>()

  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** `local`: as if the stamp were UTC. An hour that there was twice is not known. */
  read(local: number): Moment {
    // The clock is the same in the day before or after, whichever of these it was changed on.
    const [before, after] = [this.#ahead(local - DAY), this.#ahead(local + DAY)]
    const fits = [...new Set([before, after])].filter(one => this.#ahead(local - one) === one)
    return { at: local - (fits[0] ?? before), zoneKnown: fits.length === 1 }
  }

  #ahead(at: number): number {
    const quarter = Math.floor(at / QUARTER)
    const known = this.#known.get(quarter)
    if (known !== undefined) return known
    const ahead = this.#askedAhead(quarter * QUARTER)
    if (this.#known.size > MOST) this.#known.clear()
    this.#known.set(quarter, ahead)
    return ahead
  }

  #askedAhead(at: number): number {
    const parts = new Map(
      this.#format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    )
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    )
    return local - at
  }
}

/** Clocks are changed at quarters of an hour. */
const QUARTER = HOUR / 4
const MOST = 1000
