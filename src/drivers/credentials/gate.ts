// Lets so many do something costly at once; the others wait their turn.

export type Gate = { readonly waiting: number; run<T>(work: () => Promise<T>): Promise<T> }

export function createGate(width: number): Gate {
  let running = 0
  const queue: (() => void)[] = []
  return {
    get waiting() {
      return queue.length
    },
    run: async <T>(work: () => Promise<T>): Promise<T> => {
      if (running >= width) await new Promise<void>(resolve => queue.push(resolve))
      running++
      try {
        return await work()
      } finally {
        running--
        queue.shift()?.()
      }
    },
  }
}
