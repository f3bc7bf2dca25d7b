// Stamps of log lines. Lines of one second follow each other: what was read last is kept.

import { DAY } from '../../model/duration.ts'
import { parseTime } from '../../model/time.ts'

export type Stamp = { readonly at: number; readonly zoneKnown: boolean }

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))? ?(Z|[+-]\d\d:?\d\d)?$/
const SYSLOG = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/

export class Stamps {
  readonly #now: () => number
  /** Of RFC 3339, to the hour, with what stands behind the seconds. */
  #hour = { text: '', zone: '', at: 0, zoneKnown: false }
  #last: { readonly text: string; readonly stamp: Stamp | undefined } | undefined

  /** Stamps without a year are of the year of `now`, or of the one before. A log that is followed crosses years. */
  constructor(now: number | (() => number)) {
    this.#now = typeof now === 'number' ? () => now : now
  }

  read(text: string): Stamp | undefined {
    if (this.#last?.text === text) return this.#last.stamp
    const stamp = text.charCodeAt(0) <= DIGIT_NINE ? this.#iso(text) : this.#syslog(text)
    this.#last = { text, stamp }
    return stamp
  }

  #iso(text: string): Stamp | undefined {
    const [minutes, seconds] = [two(text, 14), two(text, 17)]
    const [fraction, zone] = tail(text)
    const within = (minutes * 60 + seconds) * 1000 + fraction
    const isWithin = minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60 && fraction >= 0
    const { at, zoneKnown } = this.#hour
    if (
      isWithin &&
      zone === this.#hour.zone &&
      text.startsWith(this.#hour.text) &&
      text.charCodeAt(16) === COLON &&
      at > 0
    )
      return { at: at + within, zoneKnown }
    const stamp = iso(text)
    if (stamp && isWithin)
      this.#hour = {
        text: text.slice(0, 14),
        zone,
        at: stamp.at - within,
        zoneKnown: stamp.zoneKnown,
      }
    return stamp
  }

  #syslog(text: string): Stamp | undefined {
    const [, month = '', day, hour, minute, second, fraction = ''] = SYSLOG.exec(text) ?? []
    const index = MONTHS.indexOf(month) / 3
    if (month === '' || !Number.isInteger(index)) return undefined
    const of = (year: number) =>
      Date.UTC(year, index, Number(day), Number(hour), Number(minute), Number(second))
    const until = this.#now() + DAY
    const year = new Date(until).getUTCFullYear()
    const at = of(year) > until ? of(year - 1) : of(year)
    if (new Date(at).getUTCDate() !== Number(day)) return undefined
    return { at: at + millis(fraction), zoneKnown: false }
  }
}

/** Two digits there; below 0: they are none. */
function two(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - DIGIT_ZERO, text.charCodeAt(at + 1) - DIGIT_ZERO]
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : -1
}

/** ms of the fraction of a second, and what follows; another form has no zone that is known. */
function tail(text: string): readonly [ms: number, zone: string] {
  const first = text.charCodeAt(19)
  if (first !== DOT) return [0, text.slice(19)]
  let end = 20
  let ms = 0
  for (; end < 30; end++) {
    const digit = text.charCodeAt(end) - DIGIT_ZERO
    if (!(digit >= 0 && digit < 10)) break
    if (end < 23) ms += digit * (end === 20 ? 100 : end === 21 ? 10 : 1)
  }
  return end === 20 ? [-1, '?'] : [ms, text.slice(end)]
}

const [DIGIT_ZERO, DOT, COLON] = [0x30, 0x2e, 0x3a]
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
