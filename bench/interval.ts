// A 95 % interval for the median of a few figures whose distribution is not known: between two of them, in order, as the sign test has
// it (Conover, Practical Nonparametric Statistics, ch. 3). Nothing random, so the same figures give the same interval.

/** Chance that at most `k` of `n` coins show heads. */
function atMost(k: number, n: number): number {
  let term = 0.5 ** n
  let sum = term
  for (let i = 1; i <= k; i++) {
    term *= (n - i + 1) / i
    sum += term
  }
  return sum
}

/** At least 95 % sure; of fewer than six figures everything between the least and the largest, which is less. */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b)
  let skipped = 0
  while (2 * atMost(skipped, sorted.length) <= 0.05) skipped++
  const first = Math.max(0, skipped - 1)
  return [sorted[first] ?? Number.NaN, sorted[sorted.length - 1 - first] ?? Number.NaN]
}
