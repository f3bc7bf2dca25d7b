// Packets of accounting that are under way in a sequence that is played in milliseconds.

import { SECOND } from '../../src/model/duration.ts'
import { ATTRIBUTES, type Attribute, numberAttribute } from '../../src/wire/radius.ts'
import { attributesOf } from './access-server.ts'
import type { SwiftNetwork } from './swift-network.ts'
import type { SwiftPacket } from './swift-scene.ts'

export class SwiftPost {
  #waiting: SwiftPacket[] = []
  readonly #network: SwiftNetwork
  readonly #say: (words: string) => void
  readonly #began: number

  constructor(network: SwiftNetwork, say: (words: string) => void, began: number) {
    this.#network = network
    this.#say = say
    this.#began = began
  }

  put(packet: SwiftPacket): void {
    if (packet.due > this.#network.now) this.#waiting.push(packet)
    else this.#arrives(packet)
  }

  /** What is due has arrived by now, not always in order. */
  deliver(): void {
    const { now } = this.#network
    const due = this.#waiting.filter(one => one.due <= now)
    this.#waiting = this.#waiting.filter(one => one.due > now)
    for (const one of due) this.#arrives(one)
  }

  deliverAll(): void {
    while (this.#waiting.length > 0) {
      this.#network.now += SECOND
      this.deliver()
    }
  }

  #arrives({ status, nas, session, at, heard }: SwiftPacket): void {
    const { now } = this.#network
    const time: readonly [number, number] =
      nas.behind === undefined
        ? [ATTRIBUTES.acctDelay, (now - at) / SECOND]
        : [ATTRIBUTES.eventTimestamp, (at - nas.behind) / SECOND]
    const told: Attribute[] = [
      ...attributesOf(status, session, nas),
      numberAttribute(time[0], Math.floor(time[1])),
    ]
    const seconds = ((at - this.#began) / SECOND).toFixed(3)
    this.#say(
      `${nas.from} ${status} ${session?.id} ${session?.user} ${session?.addresses.join(' ')} of ${seconds}`,
    )
    this.#network.hear(nas.from, told)
    heard?.()
  }
}
