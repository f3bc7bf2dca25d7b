// Connections over TCP at once: of clients that may ask, and, apart from them, of strangers, who are only told so. One address (an IPv6 /64)
// and one network (/24, /48) have so many of them.

import { maskIp, sourceOf } from '../../model/ip.ts'

type Bounds = { readonly all: number; readonly ofSource: number; readonly ofNetwork: number }

const BOUNDS = {
  clients: { all: 512, ofSource: 16, ofNetwork: 128 },
  strangers: { all: 64, ofSource: 2, ofNetwork: 8 },
} as const satisfies Readonly<Record<string, Bounds>>

export class TcpPlaces {
  readonly #taken = new Map<string, number>()

  /** Undefined when there is no room; else what must be called once when the connection ends. */
  enter(address: string, may: boolean): (() => void) | undefined {
    const kind = may ? 'clients' : 'strangers'
    const { all, ofSource, ofNetwork } = BOUNDS[kind]
    const bounds = [
      [kind, all],
      [`${kind} ${sourceOf(address)}`, ofSource],
      [`${kind} in ${maskIp(address)}`, ofNetwork],
    ] as const
    if (bounds.some(([key, most]) => this.#of(key) >= most)) return undefined
    for (const [key] of bounds) this.#taken.set(key, this.#of(key) + 1)
    return () => {
      for (const [key] of bounds) {
        const left = this.#of(key) - 1
        if (left > 0) this.#taken.set(key, left)
        else this.#taken.delete(key)
      }
    }
  }

  #of(key: string): number {
    return this.#taken.get(key) ?? 0
  }
}
