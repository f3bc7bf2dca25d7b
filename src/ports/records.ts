// Records that are few and must not be lost: known at once, and on disk when the promise says so. No writer overwrites what another has
// changed: a change says what is made of the record as it is, and is made anew when another writer was faster.

/** What becomes of a record; undefined: it stays as it is. */
export type Made<T> = T | 'gone' | undefined

export interface Records<T extends { readonly id: string }> {
  readonly get: (id: string) => T | undefined
  readonly all: () => Iterable<T>
  /**
   * `make` is called at once, and what it gives is in force at once; then again for each time that another node was faster, so it does
   * nothing else. Resolves when it is on disk, with what was kept; undefined when nothing was changed, or it is gone. Rejects when it
   * could not be written; then what is on disk is in force again.
   */
  readonly change: (id: string, make: (now: T | undefined) => Made<T>) => Promise<T | undefined>
}

/** Records that belong to customers. */
export interface OwnedRecords<T extends { readonly id: string; readonly subscriber: string }>
  extends Records<T> {
  /** Those of one customer: a look-up, however many there are. */
  of(subscriber: string): readonly T[]
}

/** One record as it is kept on disk. `rev` is another one after each change; `body` is JSON. */
export type RecordRow = { readonly id: string; readonly rev: number; readonly body: string }

/** Of the record when it was read; 0 when there was none. */
type Expected = { readonly kind: string; readonly id: string; readonly expectedRev: number }

/** Records of all kinds, as they are kept on disk. `stale`: another writer has changed it meanwhile, and nothing is saved. */
export interface RecordRows {
  list(kind: string): Promise<readonly RecordRow[]>
  get(kind: string, id: string): Promise<RecordRow | undefined>
  /** The new `rev`, when it is on disk. */
  readonly put: (record: Expected & { readonly body: string }) => Promise<number | 'stale'>
  remove(record: Expected): Promise<'removed' | 'stale'>
}
