// What stands twice in a list in which each may stand once.

export type ToldAgain = {
  readonly name: string
  /** Positions from 0. */
  readonly at: number
  readonly first: number
}

export function* toldAgain(names: readonly string[]): Iterable<ToldAgain> {
  const firsts = new Map<string, number>()
  for (const [at, name] of names.entries()) {
    const first = firsts.get(name)
    if (first === undefined) firsts.set(name, at)
    else yield { name, at, first }
  }
}
