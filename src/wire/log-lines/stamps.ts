// Stamps of log lines. Lines of one second follow each other: what was read last is kept.

import { DAY } from '../../model/duration.ts'
import { parseTime } from '../../model/time.ts'

export type Stamp = { readonly at: number; readonly zoneKnown: boolean }

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))? ?(Z|[+-]\d\d:?\d\d)?$/
const SYSLOG = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/

export class Stamps {
  readonly #now: number
  #last: { readonly text: string; readonly stamp: Stamp | undefined } | undefined

  /** Stamps without a year are of the year of `now`, or of the one before. */
  constructor(now: number) {
    this.#now = now
  }

  read(text: string): Stamp | undefined {
    if (this.#last?.text === text) return this.#last.stamp
    const stamp = text.charCodeAt(0) <= DIGIT_NINE ? iso(text) : this.#syslog(text)
    this.#last = { text, stamp }
    return stamp
  }

  #syslog(text: string): Stamp | undefined {
    const [, month = '', day, hour, minute, second, fraction = ''] = SYSLOG.exec(text) ?? []
    const index = MONTHS.indexOf(month) / 3
    if (month === '' || !Number.isInteger(index)) return undefined
    const of = (year: number) =>
      Date.UTC(year, index, Number(day), Number(hour), Number(minute), Number(second))
    const year = new Date(this.#now).getUTCFullYear()
    const at = of(year) > this.#now + DAY ? of(year - 1) : of(year)
    if (new Date(at).getUTCDate() !== Number(day)) return undefined
    return { at: at + millis(fraction), zoneKnown: false }
  }
}

const DIGIT_NINE = 0x39

const millis = (fraction: string): number => Number(fraction.slice(0, 3).padEnd(3, '0'))

/** RFC 3339, and as Exim writes it: a space for the T, a zone without its colon or none. */
function iso(text: string): Stamp | undefined {
  const [, date = '', time = '', fraction = '', zone] = ISO.exec(text) ?? []
  if (date === '') return undefined
  const colon = zone === undefined || zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`
  const at = parseTime(`${date}T${time}${colon}`)
  return at === undefined ? undefined : { at: at + millis(fraction), zoneKnown: zone !== undefined }
}
