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
}
