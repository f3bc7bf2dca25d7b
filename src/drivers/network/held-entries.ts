// What a driver believes to be on its device: one entry for each place. What was sent and not confirmed stays, and says so: it may be
// there. Reading the device back replaces all of it by what is known.

import type { Held } from '../../ports/network-control.ts'
import { type Restriction, restrictionKey } from '../../model/decision.ts'

export class HeldEntries {
  readonly #place: (entry: Restriction) => string
  #byPlace = new Map<string, Held>()
  #placesOf = new Map<string, Set<string>>()

  constructor(place: (entry: Restriction) => string = restrictionKey) {
    this.#place = place
  }

  /** What is, or may be, where this entry is to be: perhaps another customer's. */
  at(entry: Restriction): Held | undefined {
    return this.#byPlace.get(this.#place(entry))
  }

  put(entry: Held): void {
    const place = this.#place(entry)
    if (this.at(entry)?.subscriber !== entry.subscriber) this.#clear(place)
    this.#byPlace.set(place, entry)
    const mine = this.#placesOf.get(entry.subscriber)
    if (mine) mine.add(place)
    else this.#placesOf.set(entry.subscriber, new Set([place]))
  }

  /** What another customer has there by now stays. */
  drop(entry: Restriction): void {
    if (this.at(entry)?.subscriber === entry.subscriber) this.#clear(this.#place(entry))
  }

  replace(all: readonly Held[]): void {
    this.#byPlace = new Map()
    this.#placesOf = new Map()
    for (const entry of all) this.put(entry)
  }

  list(subscriber?: string): Held[] {
    if (subscriber === undefined) return [...this.#byPlace.values()]
    return [...(this.#placesOf.get(subscriber) ?? [])].flatMap(
      place => this.#byPlace.get(place) ?? [],
    )
  }

  #clear(place: string): void {
    const before = this.#byPlace.get(place)
    this.#byPlace.delete(place)
    const mine = before && this.#placesOf.get(before.subscriber)
    mine?.delete(place)
    if (before && mine?.size === 0) this.#placesOf.delete(before.subscriber)
  }
}
