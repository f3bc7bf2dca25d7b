// The customers in memory, found by id and by login. A million of them fit (see `npm run bench -- judge`).

import type { Login, Subscriber } from '../../model/subscriber.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

export type MemorySubscribers = Subscribers & { replace(all: Iterable<Subscriber>): void }

export function memorySubscribers(all: Iterable<Subscriber> = []): MemorySubscribers {
  let byId = new Map<string, Subscriber>()
  let byLogin = new Map<string, Subscriber>()
  /** Aliases only: a login's own name is found without. */
  let byAlias = new Map<string, Login>()
  const replace = (next: Iterable<Subscriber>) => {
    byId = new Map()
    byLogin = new Map()
    byAlias = new Map()
    for (const subscriber of next) {
      byId.set(subscriber.id, subscriber)
      for (const login of subscriber.logins) {
        byLogin.set(login.name, subscriber)
        for (const address of login.addresses)
          if (address !== login.name) byAlias.set(address, login)
      }
    }
  }
  replace(all)
  return {
    replace,
    get: id => byId.get(id),
    byLogin: login => byLogin.get(login),
    loginOf: address =>
      byLogin.get(address)?.logins.find(login => login.name === address) ?? byAlias.get(address),
    all: () => byId.values(),
    count: () => byId.size,
  }
}
