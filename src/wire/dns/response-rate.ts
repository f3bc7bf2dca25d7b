// How many answers one network gets over UDP in a second. A packet with a forged sender makes us send to that sender: what is too much is
// not sent, or cut to nothing, so that a real client can ask again over TCP. A table of fixed size: networks that share a place share it.

const PLACES = 65_536

export type Allowed = 'yes' | 'cut' | 'no'

export class ResponseRate {
  readonly #counts = new Uint32Array(PLACES)
  readonly #seconds = new Uint32Array(PLACES)
  readonly #most: number

  /** Answers in a second: `list.perSecond`, 1000 by default, 1 to 10,000,000. */
  constructor(most: number) {
    this.#most = most
  }

  /** `network`: any number of it, the same each time. `now`: ms. */
  allow(network: number, now: number): Allowed {
    const place = (Math.imul(network, 0x9e37_79b1) >>> 16) % PLACES
    const second = Math.floor(now / 1000) >>> 0
    if (this.#seconds[place] !== second) {
      this.#seconds[place] = second
      this.#counts[place] = 0
    }
    const count = (this.#counts[place] ?? 0) + 1
    this.#counts[place] = count
    if (count <= this.#most) return 'yes'
    return (count & 1) === 0 ? 'cut' : 'no'
  }
}
