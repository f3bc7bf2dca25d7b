// Medians, 95th percentiles, and the upper bound of a rate that was seen so often in so long.

export const spreadOf = (values: readonly number[]): [median: number, p95: number] => [
  finite(quantile(values, 0.5)),
  finite(quantile(values, 0.95)),
]

export const median = (values: readonly number[]): number | undefined => quantile(values, 0.5)

/** One-sided 95 % of a Poisson count (Wilson and Hilferty): 0 seen allows 3. */
export function upperBound(count: number): number {
  const more = count + 1
  return more * (1 - 1 / (9 * more) + 1.645 / (3 * Math.sqrt(more))) ** 3
}

/** -1: never. */
const finite = (value: number | undefined): number =>
  value === undefined || value === Infinity ? -1 : value

const quantile = (values: readonly number[], share: number): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]
