// Customers as they are kept on disk. A customer is looked up in `ports/subscribers.ts`.

import type { PageAsked } from '../model/page.ts'
import type { Subscriber } from '../model/subscriber.ts'

export type CustomersChange = {
  /** New ones too. */
  readonly changed: readonly Subscriber[]
  readonly gone: readonly string[]
}

export interface Customers {
  /** All, or so many of them in the order of their ids. */
  subscribers(page?: PageAsked): Promise<readonly Subscriber[]>
  /** Takes out customers that are gone, and puts the changed; those that are there already are replaced. All of it or nothing. */
  changeSubscribers(change: CustomersChange): Promise<void>
}
