// One driver is asked about one subscriber at a time: of two changes under way at once the older could reach the router last, and
// stay. A driver is asked about all subscribers at once only when nothing else is under way.

type Work = () => Promise<void>
/** `more`: it was asked for again while it went on. */
type Round = { more: boolean }
type Turn = { readonly done: Promise<void>; begun: boolean }

export class Turns {
  /** The last turn of each subscriber. */
  readonly #ofOne = new Map<string, Turn>()
  /** Of each lane, while its entries are compared, a few customers at a time. */
  readonly rounds = new Map<string, Round>()
  #ofAll: Promise<void> = Promise.resolve()
  /** The last work on each place. */
  readonly #onPlace = new Map<string, Promise<void>>()

  /** Work that waits for its turn already will see what is wanted by then: it stands for this call, too. Rejects as `work` does. */
  one(subscriber: string, work: Work): Promise<void> {
    const before = this.#ofOne.get(subscriber)
    if (before && !before.begun) return before.done
    const turn: Turn = {
      begun: false,
      done: (before ? settled(before.done) : this.#ofAll)
        .then(() => {
          turn.begun = true
          return work()
        })
        .finally(() => {
          if (this.#ofOne.get(subscriber) === turn) this.#ofOne.delete(subscriber)
        }),
    }
    this.#ofOne.set(subscriber, turn)
    return turn.done
  }

  /**
   * Of two customers' changes to the same place one is done before the other begins: `work` is told whether it had to wait, so that it
   * compares again what it compared before.
   */
  touching<T>(
    places: readonly string[],
    work: (how: { readonly hasWaited: boolean }) => Promise<T>,
  ): Promise<T> {
    const before = places.flatMap(place => this.#onPlace.get(place) ?? [])
    const done =
      before.length === 0
        ? work({ hasWaited: false })
        : Promise.all(before).then(() => work({ hasWaited: true }))
    const over = done.then(
      () => undefined,
      () => undefined,
    )
    for (const place of places) this.#onPlace.set(place, over)
    void over.then(() => {
      for (const place of places) if (this.#onPlace.get(place) === over) this.#onPlace.delete(place)
    })
    return done
  }

  /** One work in the turns of all of them that have none; the others are at it already. Rejects as `work` does. */
  free(
    subscribers: readonly string[],
    work: (mine: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const mine = subscribers.filter(one => !this.#ofOne.has(one))
    const turn: Turn = {
      begun: true,
      done: (mine.length === 0 ? Promise.resolve() : work(mine)).finally(() => {
        for (const one of mine) if (this.#ofOne.get(one) === turn) this.#ofOne.delete(one)
      }),
    }
    for (const one of mine) this.#ofOne.set(one, turn)
    return turn.done
  }

  /** Begins when everything before it is done; what comes later waits for it. */
  all(work: Work): Promise<void> {
    const before = [this.#ofAll, ...[...this.#ofOne.values()].map(({ done }) => settled(done))]
    const done = Promise.all(before).then(work)
    this.#ofAll = settled(done)
    this.#ofOne.clear()
    return done
  }
}

const settled = (work: Promise<void>): Promise<void> => work.catch(() => undefined)
