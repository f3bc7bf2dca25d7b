// Numbers of chance with a known spread.

import type { Random } from './random.ts'

/** Mean 0, deviation 1: of six even ones. */
export function normal(chance: Random): number {
  let sum = 0
  for (let i = 0; i < 6; i++) sum += chance.next()
  return (sum - 3) * Math.SQRT2
}

export function poisson(chance: Random, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(chance)))
  let product = chance.next()
  let count = 0
  while (product > Math.exp(-mean)) {
    product *= chance.next()
    count++
  }
  return count
}
