// What is gathered about a machine of another network, for the next report to its abuse contact.

import type { Sighting } from './sighting.ts'

export type GatheredReport = Pick<Sighting, 'first' | 'last' | 'seen'> & {
  readonly contact: string
  /** The address, or the /64 of IPv6, of the machine. */
  readonly machine: string
  /** About when the next report goes; absent: what was seen is not reported so far. */
  readonly due?: number
  /** Why it is not. */
  readonly notYet?: 'few' | 'clean'
}

/** A contact that was told something. */
export type ToldReport = {
  readonly contact: string
  /** Of the last report. */
  readonly at: number
  /** Reports so far. */
  readonly number: number
}

export type AbuseReporting = {
  readonly gathered: readonly GatheredReport[]
  readonly told: readonly ToldReport[]
}
