// What a sequence is played with, what is asked of it, and what it says in the end.

import type { AccessServer, AccountedSession } from './access-server.ts'
import type { CoaServer } from './coa-server.ts'
import type { PortState } from './line-oracle.ts'
import type { PlayedCordon, PlayedNetwork } from './played-network.ts'

export type PlayedRealm = 'main' | 'west' | 'coa'

export type Live = AccountedSession & {
  /** When it began (ms). */
  readonly began: number
  readonly nas: AccessServer
  readonly realm: PlayedRealm
  /** What it has now was told of, and answered. */
  isTold: boolean
}

export type PlayAsked = {
  readonly seed: number
  readonly steps: number
  /** So long after the last event a line may still be open or closed wrongly (ms). */
  readonly patience: number
}

export type Played = {
  /** What was wrong, and what had happened before; empty when nothing was. */
  readonly wrong: readonly string[]
  /** How long it took at each quiet point until all was right (ms). */
  readonly waits: readonly number[]
}

export type Scene = {
  readonly network: PlayedNetwork
  readonly cordon: PlayedCordon
  readonly main: readonly AccessServer[]
  readonly west: AccessServer
  readonly coa: AccessServer
  readonly doorOfCoa: CoaServer
}

export const placeOf = (realm: string, address: string): string =>
  realm === 'main' ? address : `${realm}/${address}`

export const closedIn = (found: ReadonlyMap<string, PortState>): string =>
  [...found].flatMap(([address, is]) => (is === 'closed' ? [address] : [])).join(' ')
