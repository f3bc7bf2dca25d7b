// Lists in which one thing may stand more than once: what one has of the other, counted. Pure.

type Parted = { readonly shared: readonly string[]; readonly gone: readonly string[] }

/** `before`, parted into what `after` has as often, and what it does not have, or not as often. */
function parted(before: readonly string[], after: readonly string[]): Parted {
  const left = new Map<string, number>()
  for (const one of after) left.set(one, (left.get(one) ?? 0) + 1)
  const [shared, gone]: [string[], string[]] = [[], []]
  for (const one of before) {
    const there = left.get(one) ?? 0
    left.set(one, there - 1)
    ;(there > 0 ? shared : gone).push(one)
  }
  return { shared, gone }
}

/** The entries of `before` that `after` does not have, or not as often. */
export const without = (before: readonly string[], after: readonly string[]): readonly string[] =>
  parted(before, after).gone

/** Each as often as both have it. */
export const inBoth = (one: readonly string[], other: readonly string[]): readonly string[] =>
  parted(one, other).shared
