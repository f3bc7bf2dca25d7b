// Which prefixes a customer has: nearly always one, which then stands alone. A million of them must not take a million arrays.

export type HeldPrefixes = string | readonly string[]

const NOTHING: readonly string[] = []

export const prefixesOf = (held: HeldPrefixes | undefined): readonly string[] => {
  if (held === undefined) return NOTHING
  return typeof held === 'string' ? [held] : held
}

export const heldOf = (prefixes: readonly string[]): HeldPrefixes => {
  const [one, ...more] = prefixes
  return one !== undefined && more.length === 0 ? one : prefixes
}
