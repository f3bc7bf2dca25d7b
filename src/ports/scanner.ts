// What a content scanner says of a message.

import type { MessageSummary, ScanResult } from '../model/message.ts'

export type Scanned = {
  readonly summary: MessageSummary
  readonly id: string
  /** Of our own people; otherwise of strangers. */
  readonly ours: boolean
  readonly address: string
  readonly helo: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly login?: string
  /** How the program that sends it on folds its long lines: Cordon, or the Postfix that asks by milter. */
  readonly folds: 'ours' | 'postfix'
  /** The message as it came; may be read more than once. */
  read(): AsyncIterable<Uint8Array>
}

export interface Scanner {
  readonly name: string
  /** Customers' mail alone, as evidence, or all mail. */
  readonly sees: 'ours' | 'all'
  /** Never rejects; out of order or out of time is `failed`. */
  scan(message: Scanned): Promise<ScanResult>
}
