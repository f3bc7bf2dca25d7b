// So long, and no longer.

import { type AwakeTime, awakeTime } from './awake-time.ts'

/** Rejects, with `error`, when `work` is not done within `budget` ms (awake-time.ts); the work itself goes on unheard. */
export async function within<T>(
  budget: number,
  work: Promise<T>,
  error = () => new Error(`not done within ${budget} ms`),
): Promise<T> {
  const time = awakeTime(budget)
  try {
    return await withinTime(time, work, error)
  } finally {
    time.end()
  }
}

/** The same of a time that others use, too. */
export const withinTime = <T>(time: AwakeTime, work: Promise<T>, error: () => Error): Promise<T> =>
  Promise.race([
    work,
    time.over.then(() => {
      throw error()
    }),
  ])
