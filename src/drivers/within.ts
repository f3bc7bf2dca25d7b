// So long, and no longer.

/** Rejects when `work` is not done within `budget` ms; the work itself goes on unheard. */
export async function within<T>(budget: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${budget} ms`)), budget)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
