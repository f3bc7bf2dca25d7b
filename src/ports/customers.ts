// Customers as they are kept on disk. Who they are is looked up in `ports/subscribers.ts`.

import type { PageAsked } from '../model/page.ts'
import type { Subscriber } from '../model/subscriber.ts'

export interface Customers {
  /** All, or so many of them in the order of their ids. */
  subscribers(page?: PageAsked): Promise<readonly Subscriber[]>
  /** Those who are there already are replaced. All of them or none. */
  putSubscribers(subscribers: readonly Subscriber[]): Promise<void>
  removeSubscribers(ids: readonly string[]): Promise<void>
}
