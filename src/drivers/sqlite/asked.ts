// What goes between a thread and the worker that has its database: numbered questions, and answers in groups.

export type NumberedCall<C> = { readonly n: number; readonly ask: C }
export type Answered<A> = { readonly n: number; readonly answer?: A; readonly error?: string }
/** What a worker says: that its database is open, why it is not, that its file is gone and it ends, or answers. */
export type WorkerMessage<A> =
  | 'open'
  | { readonly gone: string }
  | { readonly failed: string; readonly mayPass: boolean }
  | readonly Answered<A>[]
export type WorkerStart = {
  readonly path: string
  readonly synchronous: 'FULL' | 'NORMAL'
  /** Its file may not be removed or replaced while it is open, nor may these; not looked at where there is no list. */
  readonly watched?: readonly string[]
}
