// What a unit of work costs a server in processor time, this tree beside another commit of it, in turn: A B A B …. Not the clock: on a
// shared machine it says who else was there. The load is this tree's for both; each is started as a program of its own tree, three times
// anew in each direction, because a process keeps what luck its start brought it. It has failed only if the 95 % interval of the median
// ratio lies wholly above what is allowed.

import { setTimeout as pause } from 'node:timers/promises'
import { medianInterval } from './interval.ts'
import { median, type Row } from './pairs.ts'

/** One of the two, started. */
export type Running = {
  /** Does a slice of its work, some tenths of a second, and says how many units that was. */
  work(): Promise<number>
  /** Microseconds of processor time so far. */
  used(): Promise<number>
  stop(): Promise<void>
}

export type Compared = {
  readonly name: string
  readonly unit: string
  /** How often each works in a pair: what disturbs for a second disturbs both. */
  readonly slices: number
  readonly start: (tree: string) => Promise<Running>
}

/** What it is measured against. */
export type Other = { readonly name: string; readonly folder: string }

const HERE = `${import.meta.dirname}/..`
const STARTS = 5
const PAIRS_EACH = 3
const PAIRS = STARTS * PAIRS_EACH
/**
 * Pairs that are not counted after each start. A server runs for weeks: what its first hundred thousand decisions cost, until their code is
 * compiled, says how long the code is.
 */
const WARM = 3
/** Counters and the journal are written a second later. That is theirs, too. */
const WRITTEN_BEHIND = 1200
/** Five per cent more is not noticed, and not always there. */
const ALLOWED = 1.05

type Pair = { readonly ours: number; readonly other: number }

export async function compareCpu(what: Compared, other: Other): Promise<Row> {
  const { name, unit } = what
  console.log(`  ${name}, against ${other.name}`)
  const pairs: Pair[] = []
  for (let i = 0; i < STARTS; i++) {
    // Which is started, and works, first: in turn, too.
    const oursFirst = i % 2 === 0
    const [first, second] = oursFirst ? [HERE, other.folder] : [other.folder, HERE]
    for await (const [a, b] of inTurn(what, first, second)) {
      const pair = oursFirst ? { ours: a, other: b } : { ours: b, other: a }
      pairs.push(pair)
      console.log(
        `    pair ${pairs.length} of ${PAIRS}: ${figure(pair.ours)} against ${figure(pair.other)} ${unit}, ratio ${ratioOf(pair).toFixed(3)}`,
      )
    }
  }
  const ratio = median(pairs.map(ratioOf))
  const interval = medianInterval(pairs.map(ratioOf))
  const [low, high] = interval.map(one => one.toFixed(3))
  console.log(
    `    median ratio ${ratio.toFixed(3)}, 95 % interval ${low} to ${high} (order statistics of ${PAIRS} pairs)`,
  )
  return {
    name,
    unit,
    ours: median(pairs.map(pair => pair.ours)),
    peer: median(pairs.map(pair => pair.other)),
    peerName: other.name,
    ratio,
    interval,
    target: ALLOWED,
    met: interval[0] <= ALLOWED,
  }
}

/** Starts both, lets them get warm, measures them in turn, and ends them, whatever happens. */
async function* inTurn(
  { start, slices }: Compared,
  first: string,
  second: string,
): AsyncGenerator<readonly [number, number]> {
  const running: Running[] = []
  try {
    for (const tree of [first, second]) running.push(await start(tree))
    const [a, b] = running as [Running, Running]
    for (let i = 0; i < WARM; i++) await pair(a, b, slices)
    for (let i = 0; i < PAIRS_EACH; i++) yield await pair(a, b, slices)
  } finally {
    await Promise.all(running.map(one => one.stop()))
  }
}

/** Microseconds a unit of both. */
async function pair(a: Running, b: Running, slices: number): Promise<readonly [number, number]> {
  const before = [await a.used(), await b.used()] as const
  const units = [0, 0] as [number, number]
  for (let i = 0; i < slices; i++) {
    units[0] += await a.work()
    units[1] += await b.work()
  }
  await pause(WRITTEN_BEHIND)
  return [((await a.used()) - before[0]) / units[0], ((await b.used()) - before[1]) / units[1]]
}

const ratioOf = ({ ours, other }: Pair): number => ours / other
const figure = (n: number): string => n.toLocaleString('en', { maximumSignificantDigits: 4 })
