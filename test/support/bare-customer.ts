// A consumer of whom nothing is known but a number, and the addresses of a login where there is one.

import type { Subscriber } from '../../src/model/subscriber.ts'

/** The first address is the login's name. */
export const bareCustomer = (id: string, addresses: readonly string[] = []): Subscriber => ({
  id,
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: [],
  logins: addresses.length === 0 ? [] : [{ name: addresses[0] as string, addresses }],
})
