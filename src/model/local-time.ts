// Times for people outside: what their clock showed, and which clock that is. Staff, programs and logs have RFC 3339 in UTC.

const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-21 08:15 UTC+1`: to the minute, readable in every language. */
export function minuteIn(timeZone: string, at: number): string {
  const { year, month, day, hour, minute, timeZoneName = '' } = partsOf(timeZone, at)
  return `${year}-${month}-${day} ${hour}:${minute} ${timeZoneName.replace(/^(?:GMT|UTC)(?:[+-]0$)?/, 'UTC')}`
}

/** `2026-11-21`: the day it was there. */
export function dayIn(timeZone: string, at: number): string {
  const { year, month, day } = partsOf(timeZone, at)
  return `${year}-${month}-${day}`
}

/** `5 January 2026 at 08:15 GMT`: as it is written in a language, for pages that are in that one. */
export const momentIn = (locale: string, timeZone: string, at: number): string =>
  new Intl.DateTimeFormat(locale, {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at)

function partsOf(timeZone: string, at: number): Partial<Record<string, string>> {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'shortOffset',
    })
    formats.set(timeZone, format)
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
}
