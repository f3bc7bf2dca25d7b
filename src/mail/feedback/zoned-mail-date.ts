// A date as mail has it (RFC 5322 §3.3), only with its zone: an hour earlier another customer had the address.

import { parseTime } from '../../model/time.ts'

const DATE =
  /^(?:[A-Z][a-z]{2}, ?)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d(?::\d\d)?) (?:([+-]\d\d)(\d\d)|GMT|UTC?|Z)(?: \([^()]*\))?$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** In ms; undefined when it is no such date. -0000 says that the zone is not known (§3.3). */
export function zonedMailDate(text: string): number | undefined {
  const found = DATE.exec(
    text
      .slice(0, 100)
      .replaceAll(/[ \t]+/g, ' ')
      .trim(),
  )
  if (!found) return undefined
  const [, day = '', month = '', year = '', clock = '', hours = '+00', minutes = '00'] = found
  const number = MONTHS.indexOf(month) + 1
  if (number === 0 || (hours === '-00' && minutes === '00')) return undefined
  const date = `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`
  return parseTime(`${date}T${clock}${hours}:${minutes}`)
}
