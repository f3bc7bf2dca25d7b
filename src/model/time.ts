// Times as people, programs and files from outside write them. The one place where text becomes a moment: JavaScript's own Date.parse takes
// "1.11.2026" for January, the 30th of February for March, and what has no zone for the time of whichever machine reads it.

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** What to write instead. */
export const TIME_ADVICE = 'write it with its zone, such as 2026-11-20T10:22Z'

/** RFC 3339, in ms since 1970: with its zone, and with or without seconds. Undefined for everything else. */
export function parseTime(text: string): number | undefined {
  const [
    ,
    date = '',
    hour,
    minute,
    second = '0',
    fraction = '',
    sign,
    zoneHour = '0',
    zoneMinute = '0',
  ] = TIME.exec(text) ?? []
  const day = parseDay(date)
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  // §5.7: 60 is a leap second.
  if (day === undefined || h > 23 || m > 59 || s > 60) return undefined
  const [zh, zm] = [Number(zoneHour), Number(zoneMinute)]
  if (zh > 23 || zm > 59) return undefined
  const ahead = (sign === '-' ? -1 : 1) * (zh * 60 + zm)
  const at =
    day + ((h * 60 + m - ahead) * 60 + s) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  return at < 0 ? undefined : at
}

/** A date alone (`2026-11-20`): its beginning in UTC, in ms since 1970. Undefined for a day that there is not. */
export function parseDay(text: string): number | undefined {
  const [, year, month, day] = DAY.exec(text) ?? []
  if (year === undefined) return undefined
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day))
  // A month of 13, or a 30th of February, is another day then; years up to 99 are another century.
  return at < 0 || new Date(at).toISOString().slice(0, 10) !== text ? undefined : at
}
