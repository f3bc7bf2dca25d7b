// What happens at some later time of a simulation, rarely: owners answer, people complain. In order of time, ties in the order they were added.

type Due = { readonly at: number; readonly act: (at: number) => void }

export class Later {
  readonly #due: Due[] = []

  /** Infinity: nothing is due. */
  get next(): number {
    return this.#due[0]?.at ?? Infinity
  }

  add(at: number, act: (at: number) => void): void {
    const after = this.#due.findIndex(one => one.at > at)
    this.#due.splice(after < 0 ? this.#due.length : after, 0, { at, act })
  }

  /** The next. */
  run(): void {
    const one = this.#due.shift()
    one?.act(one.at)
  }
}
