// Tells the operator that another server refuses us for our address: once an hour for each server, however much mail
// it refuses meanwhile.

import { HOUR } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import { toldLately } from './told-lately.ts'

export type ListingAlarm = (relay: string, answer: string, at: number) => void

export function listingAlarm(report: (event: NewEvent) => void): ListingAlarm {
  const isNews = toldLately(HOUR)
  return (relay, answer, at) => {
    if (isNews(relay, at))
      report({ kind: 'alarm-raised', alarm: 'address-listed', at, about: relay, words: answer })
  }
}
