// Asks that work grows with its input and no faster: twice as much input, twice as many steps (and a tenth for what is constant).

import assert from 'node:assert/strict'
import { steps } from './steps.ts'

export type Growth = {
  /** Sizes are doubled from `from` up to this: what the outside can really send there. */
  readonly upTo: number
  readonly from?: number
  /** Most steps for one unit of size. */
  readonly perUnit: number
  /** Runs the code on an input of that size; makes the input first, uncounted. */
  readonly prepare: (size: number) => () => unknown
}

const RATIO = 2.2
/** Less than this says nothing yet. */
const FLOOR = 2000

/** Throws with what grew. */
export function assertLinear(name: string, { upTo, from = 1024, perUnit, prepare }: Growth): void {
  const grown = growthOf(name, perUnit)
  for (let size = from; size <= upTo; size *= 2) grown(size, steps(prepare(size)))
}

/** Takes what was counted, size by size, each twice the one before; throws with what grew. */
export function growthOf(name: string, perUnit: number): (size: number, taken: number) => void {
  let before: number | undefined
  let first: number | undefined
  return (size, taken) => {
    // Where some of it costs nothing (up to a limit, say), what is added grows no faster.
    const added = first !== undefined && before !== undefined ? RATIO * (before - first) : 0
    assert.ok(
      before === undefined || before < FLOOR || taken <= Math.max(RATIO * before, before + added),
      `${name}: ${before} steps at ${size / 2}, ${taken} at ${size}`,
    )
    assert.ok(
      taken <= FLOOR + perUnit * size,
      `${name}: ${taken} steps at ${size}, more than ${perUnit} for each`,
    )
    first = before
    before = taken
  }
}
