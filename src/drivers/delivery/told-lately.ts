// An alarm that was told lately is not told again.

/** Names that are remembered; beyond that a name may be told twice. */
const MAX_REMEMBERED = 10_000

/** Says whether something of this name is to be told at `at`: it was not told within `lately` (ms) before. */
export function toldLately(lately: number): (name: string, at: number) => boolean {
  const told = new Map<string, number>()
  return (name, at) => {
    const last = told.get(name)
    if (last !== undefined && at - last < lately) return false
    if (told.size >= MAX_REMEMBERED) told.clear()
    told.set(name, at)
    return true
  }
}
