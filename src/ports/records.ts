// Records that are few and must not be lost: known at once, and on disk when the promise says so.

export interface Records<T extends { readonly id: string }> {
  get(id: string): T | undefined
  all(): Iterable<T>
  /** In force at once; resolves when it is on disk. */
  put(one: T): Promise<void>
  remove(id: string): Promise<void>
}
