// A change of the ledger as it is handed to its writer.

/** One statement with its values. */
export type Write = { readonly sql: string; readonly parameters: readonly unknown[] }

export type KeyedWrite = Write & {
  /** The row that it writes, as memory has it; absent where nothing is owed. */
  readonly key?: string
  /** What to write instead where it is not known whether it was written before. */
  readonly again?: readonly Write[]
}
