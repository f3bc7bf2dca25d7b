// Records that are few and must not be lost: known at once, and on disk when the promise says so.

export interface Records<T extends { readonly id: string }> {
  get(id: string): T | undefined
  all(): Iterable<T>
  /** In force at once; resolves when it is on disk. */
  put(one: T): Promise<void>
  remove(id: string): Promise<void>
}

/** Records that belong to customers. */
export interface OwnedRecords<T extends { readonly id: string; readonly subscriber: string }>
  extends Records<T> {
  /** Those of one customer: a look-up, however many there are. */
  of(subscriber: string): readonly T[]
}
