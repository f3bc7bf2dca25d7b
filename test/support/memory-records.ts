// Records that nobody else changes, and no disk refuses.

import type { Records } from '../../src/ports/records.ts'

export function memoryRecords<T extends { readonly id: string; readonly subscriber?: string }>(
  ...given: readonly T[]
): Records<T> & { of(subscriber: string): readonly T[] } {
  const all = new Map(given.map(one => [one.id, one]))
  return {
    get: id => all.get(id),
    all: () => all.values(),
    of: who => [...all.values()].filter(one => one.subscriber === who),
    change: async (id, make) => {
      const made = make(all.get(id))
      if (made === 'gone') all.delete(id)
      if (made === undefined || made === 'gone') return undefined
      all.set(id, made)
      return made
    },
  }
}
