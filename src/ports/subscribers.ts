// Who our customers are. Answers at once: the driver keeps them in memory.

import type { Subscriber } from '../model/subscriber.ts'

export interface Subscribers {
  get(id: string): Subscriber | undefined
  byLogin(login: string): Subscriber | undefined
  all(): Iterable<Subscriber>
  count(): number
}
