// How many connections at once, in all, from one address and from one line, and how many in a minute. Asked before
// anything that costs. An IPv6 /64 is one address: whoever has one of them has them all.

import { MINUTE } from '../model/duration.ts'
import { sourceOf } from '../model/ip.ts'
import type { Client } from '../model/step.ts'

export type Caps = {
  /** Undefined when there is no room; otherwise what must be called once when the connection ends. */
  enter(client: Client): (() => void) | undefined | Promise<(() => void) | undefined>
}

export type OpenCaps = {
  enter(client: Client): (() => void) | undefined
  readonly open: number
  /** For those who come from now on. */
  replace(settings: CapSettings): void
}

export type CapSettings = {
  readonly total: number
  readonly perAddress: number
  readonly perLine: number
  readonly perMinute: number
}

type Bounds = { readonly atOnce: number; readonly perMinute: number }

/** Addresses and lines whose minute is remembered; when there are more, all of them begin a new one. */
const MAX_REMEMBERED = 200_000

export type CapParts = {
  /** Whose line this is, when that is known: all its addresses count together. */
  readonly lineOf?: (client: Client) => string | undefined
  readonly now?: () => number
}

export function connectionCaps(first: CapSettings, parts: CapParts = {}): OpenCaps {
  let settings = first
  const { lineOf = () => undefined, now = Date.now } = parts
  const atOnce = new Map<string, number>()
  let thisMinute = new Map<string, number>()
  let minute = 0
  let open = 0

  const tooFast = (key: string, { perMinute }: Bounds): boolean => {
    const current = Math.floor(now() / MINUTE)
    if (current !== minute || thisMinute.size >= MAX_REMEMBERED) {
      minute = current
      thisMinute = new Map()
    }
    const count = (thisMinute.get(key) ?? 0) + 1
    thisMinute.set(key, count)
    return count > perMinute
  }
  const leave = (key: string) => {
    const left = (atOnce.get(key) ?? 1) - 1
    if (left > 0) atOnce.set(key, left)
    else atOnce.delete(key)
  }

  return {
    get open() {
      return open
    },
    replace: next => {
      settings = next
    },
    enter: client => {
      const { perAddress, perLine, perMinute } = settings
      const line = lineOf(client)
      const keys: [string, Bounds][] = [[addressKey(client), { atOnce: perAddress, perMinute }]]
      if (line !== undefined) keys.push([`line ${line}`, { atOnce: perLine, perMinute }])
      // Every attempt counts against its minute, also one that is refused.
      const fast = keys.filter(([key, bounds]) => tooFast(key, bounds)).length > 0
      const full = keys.some(([key, bounds]) => (atOnce.get(key) ?? 0) >= bounds.atOnce)
      if (fast || full || open >= settings.total) return undefined
      for (const [key] of keys) atOnce.set(key, (atOnce.get(key) ?? 0) + 1)
      open++
      let inside = true
      return () => {
        if (!inside) return
        inside = false
        open--
        for (const [key] of keys) leave(key)
      }
    },
  }
}

/** Inside addresses of two realms are not the same. */
const addressKey = ({ realm, address }: Client) => `${realm} ${sourceOf(address)}`
