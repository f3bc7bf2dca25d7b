// The customers in memory, found by id, by login and by address. A million of them fit: those with one login and
// nothing else unusual, which is nearly all, are kept as two words and written out when they are asked for.

import { withoutExtension } from '../../model/mail-address.ts'
import type { Login, Subscriber } from '../../model/subscriber.ts'
import type { Subscribers } from '../../ports/subscribers.ts'

export type MemorySubscribers = Subscribers & { replace(all: Iterable<Subscriber>): void }

/** What many customers have in common. */
type Profile = Pick<Subscriber, 'plan' | 'flags' | 'language'> & { readonly contacted: boolean }
type Plain = { readonly id: string; readonly login: string; readonly profile: Profile }
type StoredSubscriber = Plain | Subscriber

/** `delimiter`: behind it in a local part stands what its owner likes; empty where there is no such thing. */
export function memorySubscribers(
  all: Iterable<Subscriber> = [],
  delimiter = '+',
): MemorySubscribers {
  let byId = new Map<string, StoredSubscriber>()
  let byLogin = new Map<string, StoredSubscriber>()
  /** Aliases only: a login's own name is found without. */
  let byAlias = new Map<string, Login>()
  const profiles = new Map<string, Profile>()

  const replace = (next: Iterable<Subscriber>) => {
    byId = new Map()
    byLogin = new Map()
    byAlias = new Map()
    for (const subscriber of next) {
      const kept = compact(subscriber, profiles)
      byId.set(subscriber.id, kept)
      for (const login of subscriber.logins) {
        byLogin.set(login.name, kept)
        for (const address of login.addresses)
          if (address !== login.name) byAlias.set(address, login)
      }
    }
  }
  replace(all)
  const exactly = (address: string): Login | undefined =>
    whole(byLogin.get(address))?.logins.find(login => login.name === address) ??
    byAlias.get(address)
  return {
    replace,
    get: id => whole(byId.get(id)),
    byLogin: login => whole(byLogin.get(login)),
    loginOf: address => {
      const login = exactly(address)
      if (login || delimiter === '') return login
      const base = withoutExtension(address, delimiter)
      return base === address ? undefined : exactly(base)
    },
    all: function* () {
      for (const kept of byId.values()) yield whole(kept) as Subscriber
    },
    count: () => byId.size,
  }
}

function compact(subscriber: Subscriber, profiles: Map<string, Profile>): StoredSubscriber {
  const [login, second] = subscriber.logins
  const plainLogin =
    login !== undefined &&
    second === undefined &&
    login.addresses.every(address => address === login.name)
  const plainContact =
    subscriber.contacts.every(contact => contact === login?.name) && subscriber.contacts.length <= 1
  if (!plainLogin || !plainContact) return subscriber
  const { plan, flags, language } = subscriber
  const contacted = subscriber.contacts.length === 1
  const key = `${plan} ${flags.join()} ${language} ${contacted}`
  const profile = profiles.get(key) ?? { plan, flags, language, contacted }
  profiles.set(key, profile)
  return { id: subscriber.id, login: login.name, profile }
}

function whole(kept: StoredSubscriber | undefined): Subscriber | undefined {
  if (!kept || !('profile' in kept)) return kept
  const { id, login, profile } = kept
  const addresses = [login]
  return {
    id,
    plan: profile.plan,
    flags: profile.flags,
    language: profile.language,
    contacts: profile.contacted ? addresses : [],
    logins: [{ name: login, addresses }],
  }
}
