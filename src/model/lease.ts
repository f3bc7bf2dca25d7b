// Which subscriber had which address, when. The ground on which every event is attributed.

export type Lease = {
  /** The address space this is true in; carrier-grade NAT repeats inside addresses per gateway. */
  readonly realm: string
  /** `192.0.2.7/32`, `2001:db8:17::/56`: canonical prefix text. */
  readonly prefix: string
  /** First and last port of the share, when several subscribers are behind one address. */
  readonly ports?: readonly [number, number]
  readonly subscriber: string
  readonly from: number
  readonly to?: number
}

/** How sure we are who it was. Only `certain` may ever lead to enforcement. */
export type Sureness = 'certain' | 'ambiguous' | 'unknown'

/** Answer to "who had this address and port then?". */
export type Holder = {
  readonly sure: Sureness
  readonly subscriber?: string
  readonly lease?: Lease
}

/** Who did something: as much of it as is known. Recorded in every event, so that replay need not ask. */
export type Who = {
  readonly realm: string
  readonly address: string
  readonly port?: number
  readonly login?: string
  readonly subscriber?: string
  readonly sure: Sureness
}
