// Work that is under way: what goes wrong in it is said, and a caller that stops waits for it, but not for ever.

type Trouble = (error: unknown, about: string) => void

export type UnderWay = {
  watch(work: Promise<void>): void
  /** Resolves when nothing is under way any more, or after `graceMs`. */
  settled(graceMs: number): Promise<void>
}

export function underWay(trouble: Trouble): UnderWay {
  const works = new Set<Promise<void>>()
  return {
    watch: work => {
      const watched: Promise<void> = work
        .catch(error => trouble(error, 'delivering'))
        .finally(() => works.delete(watched))
      works.add(watched)
    },
    settled: async graceMs => {
      let patience: NodeJS.Timeout | undefined
      const late = new Promise<void>(resolve => (patience = setTimeout(resolve, graceMs)))
      await Promise.race([Promise.all(works), late])
      clearTimeout(patience)
    },
  }
}
