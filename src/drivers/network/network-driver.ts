// What every driver of the access network is: an entry of the list in src/app/router-list.ts. It says what it reads of the configuration,
// and how each router that is named there is opened.

import type { NetworkControl } from '../../ports/network-control.ts'

export type RouterParts = {
  readonly now: () => number
  /** Where a driver writes down what it has put on, for routers that cannot be asked. */
  readonly heldIn: (kind: string, name: string) => string
}

export type OpenRouter = NetworkControl & { close?(): void | Promise<void> }

export interface NetworkDriver<C, S> {
  readonly reads: { readonly [K in keyof C]-?: 'restart' }
  /** One for each router. */
  settings(config: C): readonly S[]
  /** What one of them is called where it cannot be opened, or does not close. */
  called(settings: S): string
  open(settings: S, parts: RouterParts): OpenRouter
  /** Where it writes down what it has put on: of an entry that is not in the configuration any more that is not forgotten. */
  readonly writesDown?: {
    /** As in `heldIn`. */
    readonly kind: string
    nameOf(settings: S): string
    /** What it puts on is of sessions, and not of addresses. */
    readonly isOfSessions: boolean
    /** Before any of them is opened: what one has put on, and another tells of now, is given to that one. By name, each file. */
    handOver?(all: readonly S[], files: ReadonlyMap<string, string>): void
  }
}
