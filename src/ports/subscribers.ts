// Our customers. Answers at once: the driver keeps them in memory.

import type { Login, Subscriber } from '../model/subscriber.ts'

export interface Subscribers {
  get(id: string): Subscriber | undefined
  byLogin(login: string): Subscriber | undefined
  /** The login that an address of ours (folded) belongs to; aliases too, and what is behind a delimiter is its owner's. */
  loginOf(address: string): Login | undefined
  all(): Iterable<Subscriber>
  count(): number
}
