// One thing that is wrong with a configuration: where, what, and what to write instead; and how its place is named.

/** Keys and list positions that lead to a value, as zod gives them: positions from 0. */
export type Path = readonly PropertyKey[]

export type Complaint = {
  readonly path: Path
  /** Without a full stop. Never repeats a secret. */
  readonly problem: string
  /** A sentence: what to write instead. */
  readonly advice: string
}

/** `http.console.port`, `listeners #1.port`: positions in lists are counted from 1, as people do. */
export function placeInWords(path: Path): string {
  let words = ''
  for (const key of path) {
    if (typeof key === 'number') words += ` #${key + 1}`
    else words += words === '' ? String(key) : `.${String(key)}`
  }
  return words === '' ? 'configuration' : words
}
