// z: how much likelier an episode is from an infected subject than from a clean one, in nats. Both sides are mixtures of classes, and in a
// class each column is a beta-binomial: evidence saturates, because in a mailing or a stale list the same thing happens again and again.
//
//   z = ln sum_j w1j prod_k BetaBin(k; n, a, b) (1 + v1/s)^-p (1 + v2/s)^-p  -  ln sum_j w0j prod_k ...
//
// An observation is a look into tables of ln Gamma, whatever was counted before: about 1 µs for all twelve classes.

import { CLEAN, type EpisodeClass, INFECTED, MOST_TRIALS, MOST_Z } from './tables.ts'
import { COLUMNS } from './state.ts'

export type Seen = {
  readonly tried: Uint16Array
  readonly hit: Uint16Array
  /** First-timers attempted, and messages judged spam. */
  readonly firstTimers: number
  readonly judgedSpam: number
  /** By how much own habits stretch the sizes of these; 1 or more. */
  readonly stretchFirst: number
  readonly stretchSpam: number
}

/** What is left out of z to see what a kind says: columns, and the size that goes with them. */
export type OmittedColumns = {
  readonly columns: readonly boolean[]
  readonly firstSize: boolean
  readonly spamSize: boolean
}
const NOTHING: OmittedColumns = {
  columns: COLUMNS.map(() => false),
  firstSize: false,
  spamSize: false,
}

type Columns = readonly {
  readonly a: Float64Array
  readonly b: Float64Array
  readonly n: Float64Array
}[]
type Compiled = {
  readonly columns: Columns
  readonly first: readonly [scale: number, power: number]
  readonly spam: readonly [scale: number, power: number] | undefined
}

const clean = compiled(CLEAN)
const infected = compiled(INFECTED)
const infectedWeights = Float32Array.from(INFECTED, ({ weight }) => weight)
/** Of one call, for each class. */
const scratch = new Float64Array(Math.max(CLEAN.length, INFECTED.length))

/** Nats, at most `MOST_Z`; below 0 where a clean subject is likelier. */
export function ratio(seen: Seen, prior: Float32Array, without: OmittedColumns = NOTHING): number {
  const z = logSum(infected, infectedWeights, seen, without) - logSum(clean, prior, seen, without)
  return Math.min(MOST_Z, z)
}

/** How likely each clean class is, if the subject is clean. */
export function posterior(seen: Seen, prior: Float32Array): Float64Array {
  const total = logSum(clean, prior, seen, NOTHING)
  return Float64Array.from(CLEAN, (_, j) => Math.exp((scratch[j] as number) - total))
}

function logSum(
  classes: readonly Compiled[],
  weights: Float32Array,
  seen: Seen,
  without: OmittedColumns,
): number {
  let most = -Infinity
  for (let j = 0; j < classes.length; j++) {
    const l = Math.log(weights[j] as number) + logLikelihood(classes[j] as Compiled, seen, without)
    scratch[j] = l
    if (l > most) most = l
  }
  let total = 0
  for (let j = 0; j < classes.length; j++) total += Math.exp((scratch[j] as number) - most)
  return most + Math.log(total)
}

function logLikelihood(
  one: Compiled,
  seen: Seen,
  { columns, firstSize, spamSize }: OmittedColumns,
): number {
  let l = 0
  for (let k = 0; k < COLUMNS.length; k++) {
    const n = seen.tried[k] as number
    if (n === 0 || columns[k]) continue
    const hits = seen.hit[k] as number
    const { a, b, n: both } = one.columns[k] as Columns[number]
    l += (a[hits] as number) + (b[n - hits] as number) - (both[n] as number)
  }
  if (seen.firstTimers > 0 && !firstSize)
    l -= one.first[1] * Math.log(1 + seen.firstTimers / (one.first[0] * seen.stretchFirst))
  if (seen.judgedSpam > 0 && !spamSize && one.spam)
    l -= one.spam[1] * Math.log(1 + seen.judgedSpam / (one.spam[0] * seen.stretchSpam))
  return l
}

function compiled(classes: readonly EpisodeClass[]): Compiled[] {
  return classes.map(one => ({
    columns: COLUMNS.map(column => {
      const [a, b] = one[column]
      return { a: logRising(a), b: logRising(b), n: logRising(a + b) }
    }),
    first: one.firstSize,
    spam: one.spamSize,
  }))
}

/** ln x (x + 1) … (x + i - 1), for every i up to `MOST_TRIALS`. */
function logRising(x: number): Float64Array {
  const table = new Float64Array(MOST_TRIALS + 1)
  for (let i = 0; i < MOST_TRIALS; i++) table[i + 1] = (table[i] as number) + Math.log(x + i)
  return table
}
