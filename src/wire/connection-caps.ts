// How many connections at once, in all and from one address, and how many from one address in a minute. Asked before
// anything that costs. An IPv6 /64 is one address: whoever has one of them has them all.

import { MINUTE } from '../model/duration.ts'
import { maskIp } from '../model/ip.ts'

export type Caps = {
  /** False when there is no room; otherwise `leave` must be called once when the connection ends. */
  enter(address: string): boolean
  leave(address: string): void
  readonly open: number
}

export type CapSettings = {
  readonly total: number
  readonly perAddress: number
  readonly perMinute: number
}

/** Addresses whose minute is remembered; when there are more, all of them begin a new one. */
const MAX_REMEMBERED = 200_000

export function connectionCaps(settings: CapSettings, now: () => number = Date.now): Caps {
  const byAddress = new Map<string, number>()
  let thisMinute = new Map<string, number>()
  let minute = 0
  let open = 0

  const tooFast = (key: string): boolean => {
    const current = Math.floor(now() / MINUTE)
    if (current !== minute || thisMinute.size >= MAX_REMEMBERED) {
      minute = current
      thisMinute = new Map()
    }
    const count = (thisMinute.get(key) ?? 0) + 1
    thisMinute.set(key, count)
    return count > settings.perMinute
  }

  return {
    get open() {
      return open
    },
    enter: address => {
      const key = keyOf(address)
      const mine = byAddress.get(key) ?? 0
      if (tooFast(key) || open >= settings.total || mine >= settings.perAddress) return false
      byAddress.set(key, mine + 1)
      open++
      return true
    },
    leave: address => {
      const key = keyOf(address)
      const mine = (byAddress.get(key) ?? 1) - 1
      if (mine > 0) byAddress.set(key, mine)
      else byAddress.delete(key)
      open--
    },
  }
}

const keyOf = (address: string) => (address.includes(':') ? maskIp(address, 32, 64) : address)
