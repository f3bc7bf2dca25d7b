// Customers as they are kept on disk. A customer is looked up in `ports/subscribers.ts`.

import type { PageAsked } from '../model/page.ts'
import type { Subscriber } from '../model/subscriber.ts'

export type CustomersChange = {
  /** New ones too. */
  readonly changed: readonly Subscriber[]
  readonly gone: readonly string[]
}

export type AddressOfMany = { readonly address: string; readonly customers: readonly string[] }

export type AddressesAsked = {
  readonly limit: number
  /** Only those of these customers. */
  readonly of?: readonly string[]
}

export interface Customers {
  /** All, or so many of them in the order of their ids. */
  subscribers(page?: PageAsked): Promise<readonly Subscriber[]>
  /**
   * Takes out customers that are gone, and puts the changed; those that are there already are replaced. All of it or nothing:
   * throws AddressTaken for one that would give an address or login of a customer to another. Customers who share one already stay so.
   */
  changeSubscribers(change: CustomersChange): Promise<void>
  /** Addresses that customers share, as a list of an earlier Cordon may have left them; in order, at most so many. */
  addressesOfMany(asked: AddressesAsked): Promise<readonly AddressOfMany[]>
}
