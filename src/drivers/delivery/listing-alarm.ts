// Tells the operator that another server refuses us for our address: once an hour for each server, however much mail
// it refuses meanwhile.

import { HOUR } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'

const AGAIN_AFTER = HOUR
/** Servers remembered; beyond that one is told of twice. */
const MAX_REMEMBERED = 10_000

export type ListingAlarm = (relay: string, answer: string, at: number) => void

export function listingAlarm(report: (event: NewEvent) => void): ListingAlarm {
  const told = new Map<string, number>()
  return (relay, answer, at) => {
    const last = told.get(relay)
    if (last !== undefined && at - last < AGAIN_AFTER) return
    if (told.size >= MAX_REMEMBERED) told.clear()
    told.set(relay, at)
    report({ kind: 'alarm-raised', alarm: 'address-listed', at, about: relay, words: answer })
  }
}
