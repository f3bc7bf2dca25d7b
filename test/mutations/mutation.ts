// What one mutation is: a line that keeps a promise of docs/promises.md, broken once, and the test that must go red for it.

export type Mutation = {
  /** Of docs/promises.md. */
  readonly row: number
  /** What is broken, in words: "a password before TLS is taken". */
  readonly what: string
  readonly file: string
  /** Stands in `file` exactly once. */
  readonly find: string
  readonly replace: string
  /** The file of tests that must go red; nothing else is run. */
  readonly test: string
  /** Of the test in it: the others are not run. */
  readonly name?: string
}
