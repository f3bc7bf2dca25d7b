// Runs ours and a peer in turn (A B A B …) after a warm-up, and says median, spread and ratio. These machines are
// shared and noisy: an absolute figure means little, a ratio in one run means much.

export type Row = {
  readonly name: string
  readonly unit: string
  readonly ours: number
  readonly peer: number | null
  readonly peerName: string
  readonly ratio: number | null
  /** Of the ratio, where it is sure to 95 %. */
  readonly interval?: readonly [number, number]
  readonly target: number
  readonly met: boolean
}

export type Side = () => Promise<number>

/** At least five pairs; fewer say nothing. */
const PAIRS = 5

/** No reader waits longer for a word, if a pair does not take longer itself (ms). */
const QUIET = 30_000

export async function sideBySide(
  {
    pairs = PAIRS,
    ...what
  }: {
    readonly name: string
    readonly unit: string
    readonly peerName: string
    readonly target: number
    /** More than five where the target is near. */
    readonly pairs?: number
  },
  ours: Side,
  peer: Side,
): Promise<Row> {
  // Said before it is measured, so that a person who waits knows for what.
  console.log(`  ${what.name}, beside ${what.peerName}`)
  await ours()
  await peer()
  const a: number[] = []
  const b: number[] = []
  let words = performance.now()
  for (let i = 0; i < pairs; i++) {
    a.push(await ours())
    b.push(await peer())
    if (performance.now() - words < QUIET) continue
    words = performance.now()
    console.log(`    ${i + 1} of ${pairs} pairs`)
  }
  console.log(`    ours  ${spread(a)} ${what.unit}`)
  console.log(`    ${what.peerName}  ${spread(b)} ${what.unit}`)
  const ratio = median(a) / median(b)
  return { ...what, ours: median(a), peer: median(b), ratio, met: ratio >= what.target }
}

/** A figure that has no peer, only a target. */
export function alone(
  what: {
    readonly name: string
    readonly unit: string
    readonly target: number
    readonly better: 'more' | 'less'
  },
  values: readonly number[],
): Row {
  const ours = median(values)
  console.log(`  ${what.name}\n    ${spread(values)} ${what.unit}`)
  const met = what.better === 'more' ? ours >= what.target : ours <= what.target
  return {
    name: what.name,
    unit: what.unit,
    ours,
    peer: null,
    peerName: 'none',
    ratio: null,
    target: what.target,
    met,
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function spread(values: readonly number[]): string {
  const round = (n: number) => Math.round(n).toLocaleString('en')
  return `median ${round(median(values))} (${round(Math.min(...values))} to ${round(Math.max(...values))})`
}
