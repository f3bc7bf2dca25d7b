// Reports of a day to a domain (RFC 8460, RFC 9990): when they go, who takes their room while they are counted, and where they are put.

import { createHash } from 'node:crypto'
import { organisationalDomain } from '../mail/organisational-domain.ts'
import { DAY, HOUR } from '../model/duration.ts'
import { parseTime } from '../model/time.ts'

/** Puts a report into the queue; `once`: its name, of which the queue takes one. */
export type PostReport = (report: {
  readonly to: string
  readonly mail: Buffer
  readonly once: string
  readonly at: number
}) => Promise<void>

/** Some time in these hours after its day (RFC 8460 §5): not all servers of the world write to one domain at once. */
const SPREAD = 4 * HOUR
/** A report that could not be sent by then is given up. */
const KEPT = 3 * DAY

/** In UTC: `2026-11-29`. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** From when the report of a day may go; undefined where it is given up, or a clock that was ahead has counted for a day still to come. */
export function dueAt(day: string, domain: string, at: number): number | undefined {
  const over = (parseTime(`${day}T00:00:00Z`) ?? 0) + DAY
  return Math.abs(at - over) > KEPT ? undefined : over + delayOf(domain)
}

/** The same every day. */
const delayOf = (domain: string): number =>
  (createHash('sha256').update(domain).digest().readUInt32BE(0) / 2 ** 32) * SPREAD

/** Whose room a domain takes: the name of an organisation itself has its own, or names below it could keep it from hearing. */
export function ownerOfRoom(day: string, domain: string): string {
  const organisation = organisationalDomain(domain)
  return organisation === domain ? `${day} ${domain}` : `${day} *.${organisation}`
}
