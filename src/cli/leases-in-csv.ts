// The provider's own list of leases (CSV), as `cordon lease import` and `cordon who-spams --leases` read it.

import { type Mistake, mistakesIn, readCsv } from '../model/csv.ts'
import { isRealm, type Lease, MAX_AHEAD } from '../model/lease.ts'
import { leasePrefix } from '../model/lease-prefix.ts'
import { parseTime, TIME_ADVICE } from '../model/time.ts'
import { UsageError } from './failures.ts'

/** Columns that may be left out are empty in every row. */
const COLUMNS = {
  known: ['prefix', 'subscriber', 'ports', 'realm', 'from', 'to'],
  wanted: ['prefix', 'subscriber'],
}

/** Throws all mistakes of the list at once, each with its line. `begins`: of those that do not say when they began. */
export function leasesIn(text: string, now: number, file: string, begins = now): Lease[] {
  const { rows, mistakes: ofForm } = readCsv(text, COLUMNS)
  const mistakes: Mistake[] = [...ofForm]
  const leases: Lease[] = []
  for (const { line, cells } of rows) {
    const wrong = (what: string) => void mistakes.push({ line, what })
    const lease = leaseOf(cells, now, wrong)
    if (lease) leases.push(cells['from'] ? lease : { ...lease, from: begins })
  }
  const wrong = mistakesIn(file, mistakes)
  if (wrong !== undefined) throw new UsageError(wrong)
  return leases
}

/** Undefined where the row is no lease, and `wrong` was told why. The order looks once more; here the line is known, and nothing is sent yet. */
function leaseOf(
  cells: Readonly<Record<string, string>>,
  now: number,
  wrong: (what: string) => void,
): Lease | undefined {
  const { prefix: written = '', subscriber = '', ports = '', realm = '' } = cells
  const prefix = leasePrefix(written)
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(ports) ?? []
  const [from, to] = [timeIn(cells['from'], now), timeIn(cells['to'], now)]
  const whats = [
    ...('wrong' in prefix ? [`${written} ${prefix.wrong}`] : []),
    ...(subscriber === '' ? ['there is no subscriber'] : []),
    ...(subscriber.length > 64
      ? [`${subscriber.slice(0, 64)}… is too long for a customer number`]
      : []),
    ...(ports !== '' && !(Number(first) <= Number(last) && Number(last) <= 65_535)
      ? [`${ports} are no ports; write 1024-2047`]
      : []),
    ...(realm !== '' && !isRealm(realm) ? [`${realm} is no name of an address space`] : []),
    ...[from, to].filter(time => typeof time === 'string'),
    ...(typeof to === 'number' && to < (typeof from === 'number' ? from : now)
      ? ['it ends before it begins']
      : []),
  ]
  for (const what of whats) wrong(what)
  if (whats.length > 0 || 'wrong' in prefix || typeof from === 'string' || typeof to === 'string')
    return undefined
  return {
    realm: realm || 'main',
    prefix: prefix.prefix,
    subscriber,
    from: from ?? now,
    ...(first === undefined ? {} : { ports: [Number(first), Number(last)] as const }),
    ...(to === undefined ? {} : { to }),
  }
}

/** What is wrong with the time, if anything. */
function timeIn(cell = '', now: number): number | string | undefined {
  if (cell === '') return undefined
  const at = parseTime(cell)
  if (at === undefined) return `${cell} is no time; ${TIME_ADVICE}`
  return at > now + MAX_AHEAD ? `${cell} is in the future` : at
}
