// Answers that were given, for packets that come again: an access server waits some seconds, and then sends the same once more.

/** In two generations: when the younger is full, the older is forgotten. */
const ANSWERS = 50_000

/** `waiting`: what the packet told is not on disk yet. */
export type AnswerState = Uint8Array | 'waiting'

export class AnswersGiven {
  #now = new Map<string, AnswerState>()
  #before: ReadonlyMap<string, AnswerState> = new Map()

  get(key: string): AnswerState | undefined {
    return this.#now.get(key) ?? this.#before.get(key)
  }

  put(key: string, answer: AnswerState): void {
    if (this.#now.size >= ANSWERS) [this.#before, this.#now] = [this.#now, new Map()]
    this.#now.set(key, answer)
  }

  forget(key: string): void {
    this.#now.delete(key)
  }
}
