// Whose an account name of accounting is: by the operator's table where there is one, else by customer number or login, with the realm
// that a proxy needed to find its home server cut off where the operator says so.

import { foldAddress } from '../../model/mail-address.ts'
import type { SensorParts } from '../../wire/sensor.ts'

export type NameParts = {
  readonly subscribers: SensorParts['subscribers']
  /** The operator's own word for it. */
  readonly mapped: (name: string) => string | undefined
  /** Realms that are cut off: `isp.example` of anna@isp.example, isp.example/anna and isp.example\anna; `*` for any. */
  readonly stripRealms: readonly string[]
}

/** Undefined for an unknown name. */
export function subscriberOf(name: string, parts: NameParts): string | undefined {
  const { subscribers, mapped } = parts
  if (name === '') return undefined
  const named = mapped(name)
  if (named !== undefined) return subscribers.get(named)?.id
  const known = (one: string) => (subscribers.get(one) ?? subscribers.byLogin(foldAddress(one)))?.id
  const bare = withoutRealm(name, parts.stripRealms)
  if (bare === undefined) return known(name)
  const mappedBare = mapped(bare)
  return mappedBare === undefined ? (known(name) ?? known(bare)) : subscribers.get(mappedBare)?.id
}

/** Undefined where there is none to cut off. */
export function withoutRealm(name: string, realms: readonly string[]): string | undefined {
  const isCut = (realm: string) =>
    realm !== '' && (realms.includes('*') || realms.includes(realm.toLowerCase()))
  const at = name.lastIndexOf('@')
  if (at > 0 && isCut(name.slice(at + 1))) return name.slice(0, at)
  const slash = name.search(/[/\\]/)
  if (slash > 0 && slash < name.length - 1 && isCut(name.slice(0, slash)))
    return name.slice(slash + 1)
  return undefined
}
