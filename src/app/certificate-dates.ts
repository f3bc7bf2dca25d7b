// From when to when the certificates are good that the doors show. One that is not refuses nothing: much mail is still handed over under an
// expired certificate, and none under none. But it is told: at a start, at a reload, once a day, and in the metrics.

import { X509Certificate } from 'node:crypto'
import { placeInWords } from '../config/complaint.ts'
import { DAY } from '../model/duration.ts'
import type { Pem } from '../wire/tls-identity.ts'

export type Dated = {
  /** Its place in the configuration: `certificate`, `certificates #2`. */
  readonly name: string
  readonly from: number
  readonly to: number
}

/** A program that renews certificates does so weeks before the end; in the last week it is late. */
const SOON = 7 * DAY

/** In the order in which doors are given them. */
export const datesOf = (pems: readonly Pem[]): readonly Dated[] =>
  pems.map(({ chain }, i) => {
    const { validFromDate, validToDate } = new X509Certificate(chain)
    const name = i === 0 ? 'certificate' : placeInWords(['certificates', i - 1])
    return { name, from: validFromDate.getTime(), to: validToDate.getTime() }
  })

/** A sentence for each that is not good, or will soon not be. `at`: now, as clients see it. */
export const wrongWithDates = (all: readonly Dated[], at: number): readonly string[] =>
  all.flatMap(({ name, from, to }) => {
    const words =
      to <= at
        ? `expired at ${shown(to)}: clients that look at it hand over no mail. Renew it, then say cordon reload.`
        : from > at
          ? `is not valid before ${shown(from)}: clients that look at it hand over no mail until then. Look at the clock, or take another one.`
          : to - at < SOON
            ? `expires at ${shown(to)}. Renew it, then say cordon reload.`
            : undefined
    return words === undefined ? [] : [`${name} ${words}`]
  })

const shown = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`
