// So long, and no longer.

/** Rejects, with `error`, when `work` is not done within `budget` ms; the work itself goes on unheard. */
export async function within<T>(
  budget: number,
  work: Promise<T>,
  error = () => new Error(`not done within ${budget} ms`),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), budget)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
