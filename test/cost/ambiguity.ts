// Whether a regular expression can take more than linear time, by the criterion of Weber and Seidl ("On the degree of ambiguity of
// finite automata", 1991) that Weideman and others apply to backtracking (2016). A backtracking engine tries every way through the
// text before it gives up; there are too many ways if some word can be read
// - in a loop, in two ways that come back together: their number is exponential;
// - in a loop, from that loop into a second one, and in the second: their number is at least quadratic. Where an expression may begin
//   anywhere, what comes before it is the first loop.

import { type Positions, positionsOf } from './positions.ts'

/** Says with which word it is slow when that stands there again and again; undefined when it is linear. Throws when nobody can tell. */
export function superlinear(expression: RegExp): string | undefined {
  const automaton = positionsOf(expression)
  const loops = loopsOf(automaton)
  for (const loop of loops)
    if (isDouble(automaton, loop)) return `exponential in ${JSON.stringify(oneOf(automaton, loop))}`
  for (const a of loops)
    for (const b of loops) {
      if (a === b) continue
      for (const p of a)
        for (const q of b) {
          // Nothing sends anybody back from where it may end.
          const word = automaton.ends.has(q) ? undefined : bridge(automaton, { a, b, p, q })
          if (word !== undefined) return `quadratic or worse in ${JSON.stringify(word)}`
        }
    }
  return undefined
}

type Loop = ReadonlySet<number>

/** Strongly connected positions that lead back to themselves. */
function loopsOf({ follow }: Positions): readonly Loop[] {
  const reach = follow.map((_, from) => reachable(follow, from))
  const loops: Loop[] = []
  const seen = new Set<number>()
  for (const [i, mine] of reach.entries()) {
    if (seen.has(i) || !mine.has(i)) continue
    const loop = new Set([...mine].filter(j => reach[j]?.has(i)))
    for (const j of loop) seen.add(j)
    loops.push(loop)
  }
  return loops
}

function reachable(follow: Positions['follow'], from: number): ReadonlySet<number> {
  const found = new Set<number>()
  const waiting = [...(follow[from]?.keys() ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    found.add(next)
    waiting.push(...(follow[next]?.keys() ?? []))
  }
  return found
}

/** Two ways that part in the loop and meet again. */
function isDouble(automaton: Positions, loop: Loop): boolean {
  if ([...loop].every(one => automaton.ends.has(one))) return false
  const { follow, reads } = automaton
  const inside = (from: number) => [...(follow[from] ?? [])].filter(([to]) => loop.has(to))
  const parted = new Map<number, Set<number>>()
  const key = (x: number, y: number) => x * reads.length + y
  const waiting: [number, number][] = []
  for (const p of loop) {
    if (inside(p).some(([, ways]) => ways > 1)) return true
    waiting.push([p, p])
  }
  // Backwards edges between pairs that can be reached from one position; a pair that parts must come to a pair that is one.
  const seen = new Set<number>()
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [x, y] = pair
    if (seen.has(key(x, y))) continue
    seen.add(key(x, y))
    for (const [to] of inside(x))
      for (const [other] of inside(y)) {
        if (((reads[to] as bigint) & (reads[other] as bigint)) === 0n) continue
        const into = key(to, other)
        parted.set(into, (parted.get(into) ?? new Set()).add(key(x, y)))
        waiting.push([to, other])
      }
  }
  const back = new Set<number>()
  const from = [...loop].map(one => key(one, one))
  for (let pair = from.pop(); pair !== undefined; pair = from.pop())
    for (const before of parted.get(pair) ?? []) {
      if (back.has(before)) continue
      back.add(before)
      const x = Math.floor(before / reads.length)
      if (x !== before % reads.length) return true
      from.push(before)
    }
  return false
}

type Ends = { readonly a: Loop; readonly b: Loop; readonly p: number; readonly q: number }
type Triple = { readonly at: readonly [number, number, number]; readonly word: string }

/** A word that leads from p to p, from p to q, and from q to q. */
function bridge({ follow, reads, alphabet }: Positions, { a, b, p, q }: Ends): string | undefined {
  const useful = reachable(follow, p)
  if (!useful.has(q)) return undefined
  const seen = new Set<string>()
  let waiting: Triple[] = [{ at: [p, p, q], word: '' }]
  while (waiting.length > 0) {
    const next: Triple[] = []
    for (const { at, word } of waiting) {
      const [x, y, z] = at
      for (const x2 of follow[x]?.keys() ?? []) {
        if (!a.has(x2)) continue
        for (const z2 of follow[z]?.keys() ?? []) {
          const both = (reads[x2] as bigint) & (reads[z2] as bigint)
          if (!b.has(z2) || both === 0n) continue
          for (const y2 of follow[y]?.keys() ?? []) {
            const set = both & (reads[y2] as bigint)
            const name = `${x2} ${y2} ${z2}`
            if (set === 0n || seen.has(name)) continue
            seen.add(name)
            const letters = word + letterOf(set, alphabet)
            if (x2 === p && y2 === q && z2 === q) return letters
            next.push({ at: [x2, y2, z2], word: letters })
          }
        }
      }
    }
    waiting = next
  }
  return undefined
}

/** One people can read, if there is one. */
function letterOf(set: bigint, alphabet: readonly string[]): string {
  const letters = alphabet.filter((_, i) => (set & (1n << BigInt(i))) !== 0n)
  return (
    letters.find(one => /[a-z0-9]/i.test(one)) ??
    letters.find(one => one >= ' ') ??
    letters[0] ??
    ''
  )
}

function oneOf({ reads, alphabet }: Positions, loop: Loop): string {
  return [...loop]
    .slice(0, 4)
    .map(at => letterOf(reads[at] ?? 0n, alphabet))
    .join('')
}
