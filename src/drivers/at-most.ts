// Work of which so much at a time is enough: what comes then waits for its turn, in the order in which it came.

export function atMost<A extends readonly unknown[], T>(
  most: number,
  work: (...given: A) => Promise<T>,
): (...given: A) => Promise<T> {
  let active = 0
  const waiting: (() => void)[] = []
  return async (...given) => {
    if (active >= most) await new Promise<void>(resolve => void waiting.push(resolve))
    else active++
    try {
      return await work(...given)
    } finally {
      // The place goes on to the next.
      const next = waiting.shift()
      if (next) next()
      else active--
    }
  }
}
