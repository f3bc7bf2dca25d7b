// A part of a list that is too long for one answer, and where the rest begins. Every list says when it is cut.

export type PageAsked = {
  /** Rows at most. */
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string
}

export type Page<T> = {
  readonly rows: readonly T[]
  /** Of the whole list, where that is known without reading it. */
  readonly total?: number
  /** There are more: what the next page is asked for with. */
  readonly next?: string
}

/** The first `limit` of what was found, which is one more where there are more. `placeOf`: where a row stands in the list. */
export function pageOf<T>(
  found: readonly T[],
  { limit, total, placeOf }: { limit: number; total?: number; placeOf: (row: T) => string },
): Page<T> {
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  const isCut = found.length > limit && last !== undefined
  return {
    rows,
    ...(total === undefined ? {} : { total }),
    ...(isCut ? { next: placeOf(last) } : {}),
  }
}

/** A client asked for what stands behind a place that is none. */
export class NoSuchPlace extends Error {
  override readonly name = 'NoSuchPlace'
  constructor() {
    super('Write `next` of the answer before.')
  }
}
