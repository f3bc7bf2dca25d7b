// Which clients have a place at the decoys. A client that comes always gets one: its first words are the evidence, and what clients say
// after them is for people only. So a stranger that holds many connections keeps no infected machine away.

import { maskIp, sourceOf } from '../../model/ip.ts'

/** At all decoys together. */
export const MAX_SESSIONS = 100
/** From one IPv4 /24 or IPv6 /64: the rest of its sessions would tell little new. */
export const MAX_EACH = 5

type Talker = { destroy(): unknown }
type DecoyClient = {
  readonly source: string
  readonly network: string
  readonly hasSpoken: boolean
}

export type DecoyPlaces<T extends Talker> = {
  /** Takes a place for the client; destroys another client where none is free. */
  enter(one: T, address: string): void
  /** The client has said a line. */
  heard(one: T): void
  leave(one: T): void
  readonly all: Iterable<T>
}

export function decoyPlaces<T extends Talker>(): DecoyPlaces<T> {
  /** The client that has said nothing for longest comes first. */
  const places = new Map<T, DecoyClient>()
  const makeRoom = (among: readonly (readonly [T, DecoyClient])[]) => {
    const crowd = ofMost(
      ofMost(among, one => one.network),
      one => one.source,
    )
    const leaves = crowd.find(([, place]) => !place.hasSpoken) ?? crowd[0]
    if (!leaves) return
    places.delete(leaves[0])
    leaves[0].destroy()
  }
  return {
    enter: (one, address) => {
      const network = maskIp(address, 24, 64)
      const mine = [...places].filter(([, place]) => place.network === network)
      if (mine.length >= MAX_EACH) makeRoom(mine)
      else if (places.size >= MAX_SESSIONS) makeRoom([...places])
      places.set(one, { source: sourceOf(address), network, hasSpoken: false })
    },
    heard: one => {
      const place = places.get(one)
      if (!place) return
      places.delete(one)
      places.set(one, { ...place, hasSpoken: true })
    },
    leave: one => void places.delete(one),
    all: { [Symbol.iterator]: () => places.keys() },
  }
}

/** The places whose key is the most frequent, in their order. */
function ofMost<T>(
  among: readonly (readonly [T, DecoyClient])[],
  keyOf: (place: DecoyClient) => string,
): readonly (readonly [T, DecoyClient])[] {
  const counts = new Map<string, number>()
  for (const [, place] of among) counts.set(keyOf(place), (counts.get(keyOf(place)) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return among.filter(([, place]) => counts.get(keyOf(place)) === most)
}
