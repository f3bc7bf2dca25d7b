// How many connections at once, in all, from one address, one network and one line, and how many in a minute. Asked before
// anything that costs. An IPv6 /64 is one address: a client with one of its addresses has them all. Of all connections some are kept
// for customers: clients that fill port 25 leave room on 587, and strangers together leave room for customers at home.

import { MINUTE } from '../model/duration.ts'
import { maskIp, sourceOf } from '../model/ip.ts'
import type { Client, ListenerKind } from '../model/step.ts'

/** What must be called once when the connection ends. */
export type Leave = () => void

export type Caps = {
  /** Undefined when there is no room. */
  enter(client: Client, listener: ListenerKind): Leave | undefined | Promise<Leave | undefined>
}

export type OpenCaps = {
  enter(client: Client, listener: ListenerKind): Leave | undefined
  /** Connections that are open now. */
  readonly open: number
  /** For connections from now on. */
  replace(settings: CapSettings): void
}

export type CapSettings = {
  /** Connections at once: `connections.total`, 10,000 by default, 1 to 1,000,000. */
  readonly total: number
  /** Connections at once from one IPv4 address or IPv6 /64: `connections.perAddress`, 50 by default, 1 to 1,000,000. */
  readonly perAddress: number
  /**
   * Connections at once of strangers, from one IPv4 /24 or IPv6 /48; no less than from one address: `connections.perNetwork`, 500 by
   * default, 1 to 1,000,000.
   */
  readonly perNetwork: number
  /** Connections at once from one line of ours, but not of a site: `connections.perLine`, 200 by default, 1 to 1,000,000. */
  readonly perLine: number
  /** New connections in a minute from one address, IPv6 /64 or line: `connections.perMinute`, 3000 by default, 1 to 100,000,000. */
  readonly perMinute: number
}

/** A line of ours. `holder` is absent where many people are behind it (a site), or its owner is not known (a shared address). */
export type OwnLine = { readonly holder?: string | undefined }

type Bounds = { readonly atOnce: number; readonly perMinute?: number }

/** What a group of clients may take together, as a share of all connections. */
const SHARES = {
  all: 1,
  /** Clients that are not on a line of ours, on all listeners. */
  strangers: 0.9,
  /** Other servers, and machines that are redirected on their way to them. */
  machines: 0.8,
} as const
type Pot = keyof typeof SHARES

/** Addresses and lines whose minute is remembered; when there are more, all of them begin a new one. */
const MAX_REMEMBERED = 200_000

export type CapParts = {
  /** Undefined for a stranger. All addresses of a line with a holder count together. */
  readonly lineOf?: (client: Client) => OwnLine | undefined
  readonly now?: () => number
}

export function connectionCaps(first: CapSettings, parts: CapParts = {}): OpenCaps {
  let settings = first
  const { lineOf = () => undefined, now = Date.now } = parts
  const atOnce = new Map<string, number>()
  let thisMinute = new Map<string, number>()
  let minute = 0
  /** `strangers` and `machines` are among the others, too. */
  const open = { all: 0, strangers: 0, machines: 0 }

  const tooFast = (key: string, { perMinute }: Bounds): boolean => {
    if (perMinute === undefined) return false
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

  const keysOf = (
    client: Client,
    line: OwnLine | undefined,
  ): readonly (readonly [string, Bounds])[] => {
    const { perAddress, perNetwork, perLine, perMinute } = settings
    const address = [addressKey(client), { atOnce: perAddress, perMinute }] as const
    if (!line) {
      return [address, [networkKey(client), { atOnce: Math.max(perNetwork, perAddress) }]]
    }
    const { holder } = line
    return holder === undefined
      ? [address]
      : [address, [`line ${holder}`, { atOnce: perLine, perMinute }]]
  }
  const isFull = (pots: readonly Pot[]) =>
    pots.some(pot => open[pot] >= Math.ceil(settings.total * SHARES[pot]))

  return {
    get open() {
      return open.all
    },
    replace: next => {
      settings = next
    },
    enter: (client, listener) => {
      const line = lineOf(client)
      const keys = keysOf(client, line)
      const pots = potsOf(line, listener)
      // Every attempt counts against its minute, also one that is refused.
      const fast = keys.filter(([key, bounds]) => tooFast(key, bounds)).length > 0
      const full = keys.some(([key, bounds]) => (atOnce.get(key) ?? 0) >= bounds.atOnce)
      if (fast || full || isFull(pots)) return undefined
      for (const [key] of keys) atOnce.set(key, (atOnce.get(key) ?? 0) + 1)
      for (const pot of pots) open[pot]++
      let inside = true
      return () => {
        if (!inside) return
        inside = false
        for (const pot of pots) open[pot]--
        for (const [key] of keys) leave(key)
      }
    },
  }
}

function potsOf(line: OwnLine | undefined, listener: ListenerKind): readonly Pot[] {
  const isMachine = listener === 'inbound' || listener === 'redirected'
  return [
    'all',
    ...(line ? [] : ['strangers' as const]),
    ...(isMachine ? ['machines' as const] : []),
  ]
}

/** Inside addresses of two realms are not the same. */
const addressKey = ({ realm, address }: Client) => `${realm} ${sourceOf(address)}`
const networkKey = ({ realm, address }: Client) => `${realm} ${maskIp(address)}`
