// What accounting is dropped, and of whom, in words for the operator; and access servers with one address that several clients tell of.

import { DroppedTellers } from '../../wire/dropped-tellers.ts'
import type { Worry } from '../../wire/sensor.ts'

export class RefusedAccounting {
  readonly #dropped = new DroppedTellers()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  unknownClient(from: string): void {
    this.#note({
      what: 'unknown client',
      about: from,
      words: 'it is no client: all it tells is dropped',
    })
  }

  wrongSecret(from: string): void {
    const words = 'its packets are not signed with its secret: all it tells is dropped'
    this.#note({ what: 'wrong secret', about: from, words })
  }

  foreign(nas: string, from: string): void {
    const words = `${from} does not speak for it: what it tells of it is answered, and dropped`
    this.#note({ what: 'foreign access server', about: nas, words })
  }

  /** Not dropped, but taken for another access server. */
  second(nas: string, from: string): void {
    const words = `${from} and another client tell of it: they are taken for two access servers`
    this.#note({ what: 'address of two', about: nas, words })
  }

  worries(): Worry[] {
    return this.#dropped.worries(this.#now())
  }

  #note(worry: Worry): void {
    this.#dropped.note(worry, this.#now())
  }
}
