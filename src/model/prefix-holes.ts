// A prefix without narrower ones in it, as the fewest prefixes that are left: for programs that know no "all of this but that".

import type { Prefix } from './ip.ts'

/** Splits one prefix around those of `holes` that are narrower and in it. They are sorted once for any number of prefixes. */
export function splitter(holes: readonly Prefix[]): (prefix: Prefix) => readonly Prefix[] {
  const byFamily = { 4: sorted(holes, 4), 6: sorted(holes, 6) }
  return prefix => without(prefix, inside(byFamily[prefix.family], prefix))
}

const sorted = (holes: readonly Prefix[], family: 4 | 6) =>
  holes.filter(hole => hole.family === family).toSorted((a, b) => (a.value < b.value ? -1 : 1))

const sizeOf = ({ family, bits }: Prefix) => 1n << BigInt((family === 4 ? 32 : 128) - bits)

/** Of holes in the order of their values. */
function inside(holes: readonly Prefix[], prefix: Prefix): readonly Prefix[] {
  let [from, to] = [0, holes.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((holes[middle] as Prefix).value < prefix.value) from = middle + 1
    else to = middle
  }
  const end = prefix.value + sizeOf(prefix)
  const found: Prefix[] = []
  for (let hole = holes[from]; hole && hole.value < end; hole = holes[++from])
    if (hole.bits > prefix.bits) found.push(hole)
  return found
}

function without(prefix: Prefix, holes: readonly Prefix[]): readonly Prefix[] {
  if (holes.length === 0) return [prefix]
  const bits = prefix.bits + 1
  const half = sizeOf(prefix) / 2n
  return [prefix.value, prefix.value + half].flatMap(value => {
    const part: Prefix = { family: prefix.family, value, bits }
    const isHole = holes.some(hole => hole.bits === bits && hole.value === value)
    return isHole ? [] : without(part, inside(holes, part))
  })
}
