// What sequences are played with in milliseconds: access servers, their sessions, what is told of them, and customers.

import type { Subscriber } from '../../src/model/subscriber.ts'
import type { Status } from './access-server.ts'
import {
  CLOCKS,
  COA4,
  COA_BEHIND,
  COA_FROM,
  CUSTOMERS,
  MAIN4,
  TWICE,
  TWICE_FROM,
  WEST4,
  WEST_BEHIND,
} from './played-config.ts'
import type { PlayedRealm } from './played-scene.ts'

export type SwiftNas = {
  readonly name: string
  readonly says?: string
  readonly from: string
  readonly behind: number | undefined
  readonly realm: PlayedRealm
  /** The number of its last session. */
  numbers: number
  anew: number
}
type ToldSession = {
  readonly id: string
  readonly user: string
  readonly addresses: readonly string[]
}
export type SwiftSession = {
  readonly id: string
  readonly user: string
  readonly nas: SwiftNas
  addresses: readonly string[]
  /** How surely what it has now was told: a first update without a Start, or of a clock that is not known, may be taken for a doubtful one. */
  told: number
  began: number
}
export type SwiftPacket = {
  readonly status: Status
  readonly nas: SwiftNas
  readonly session: ToldSession | undefined
  readonly at: number
  readonly due: number
  readonly heard?: () => void
}

export const EXPERTS: readonly string[] = CUSTOMERS.slice(-2)
export const FIRST: Readonly<Record<PlayedRealm, readonly string[]>> = {
  main: MAIN4,
  west: WEST4,
  coa: COA4,
}
export const customer = (id: string): Subscriber => ({
  id,
  plan: EXPERTS.includes(id) ? 'expert' : 'consumer',
  flags: [],
  language: 'en',
  contacts: [],
  logins: [],
})

export function accessServers(): SwiftNas[] {
  const nas = (
    name: string,
    from: string,
    behind: number | undefined,
    realm: PlayedRealm,
  ): SwiftNas => ({
    name,
    from,
    behind,
    realm,
    numbers: 0,
    anew: 0,
  })
  return [
    ...CLOCKS.map((behind, i) => nas(`bng${i + 1}`, `127.0.1.${i + 1}`, behind, 'main')),
    ...TWICE_FROM.map((from): SwiftNas => ({ ...nas('twice', from, 0, 'main'), says: TWICE })),
    nas('west', '127.0.1.9', WEST_BEHIND, 'west'),
    nas('bngc', COA_FROM, COA_BEHIND, 'coa'),
  ]
}
