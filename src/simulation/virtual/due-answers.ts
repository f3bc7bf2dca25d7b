// Answers of other servers that are due at some time: three queues, each in order of time because its delay is always the same.

import { MINUTE, SECOND } from '../../model/duration.ts'

const DELAYS = { fast: 5 * SECOND, slow: 15 * MINUTE, quiet: MINUTE } as const
export type AnswerQueue = keyof typeof DELAYS
type Due<T> = { readonly at: number; readonly one: T }

export class DueAnswers<T> {
  readonly #queues: Record<AnswerQueue, { first: number; due: Due<T>[] }> = {
    fast: { first: 0, due: [] },
    slow: { first: 0, due: [] },
    quiet: { first: 0, due: [] },
  }

  add(queue: AnswerQueue, one: T, at: number): void {
    this.#queues[queue].due.push({ at: at + DELAYS[queue], one })
  }

  next(): { readonly queue: AnswerQueue; readonly at: number } | undefined {
    let next: { queue: AnswerQueue; at: number } | undefined
    for (const queue of ['fast', 'slow', 'quiet'] as const) {
      const { first, due } = this.#queues[queue]
      const at = due[first]?.at
      if (at !== undefined && (next === undefined || at < next.at)) next = { queue, at }
    }
    return next
  }

  take(queue: AnswerQueue): T {
    const one = this.#queues[queue]
    const taken = one.due[one.first++] as Due<T>
    if (one.first > 1000) {
      one.due.splice(0, one.first)
      one.first = 0
    }
    return taken.one
  }
}
