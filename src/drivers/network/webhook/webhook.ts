// For everything Cordon has no driver for: each change is posted to an address of the operator's, as JSON, signed, and again until
// it is answered with 2xx. The same change has the same id, so that a server that gets it twice can tell.

import { createHash } from 'node:crypto'
import type { Restriction } from '../../../model/decision.ts'
import type { NetworkControl } from '../../../ports/network-control.ts'
import { AfterRestore } from '../after-restore.ts'
import { type Failures, HeldFile } from '../held-file.ts'
import { unconfirmed } from '../unconfirmed.ts'
import { signedPost } from '../signed-post.ts'

export type WebhookSettings = {
  /** `webhooks[].name`, webhook by default. */
  readonly name: string
  readonly url: string
  /** What the signature is made with. */
  readonly secret: string
  /** `webhooks[].realm`, main by default. */
  readonly realm: string
}

/** Changes in one request. */
const AT_ONCE = 500

type Change = Pick<Restriction, 'realm' | 'prefix' | 'ports' | 'subscriber' | 'session'> & {
  readonly state: Restriction['state'] | 'default'
  readonly walledGarden: boolean
  /** Of `named`: the servers it may reach. */
  readonly destinations?: readonly string[]
  readonly decision?: string
  /** RFC 3339; absent for what has no end. */
  readonly until?: string
}

/** `file`: records the restrictions that were posted. */
export function webhook(
  settings: WebhookSettings,
  file: string,
  now: () => number,
): NetworkControl {
  const { name, realm } = settings
  const held = new HeldFile(file)
  const afterRestore = new AfterRestore(file, held)
  const fits: NetworkControl['fits'] = entry => entry.realm === realm
  const send = (changes: readonly Change[]): Promise<void> => {
    const id = createHash('sha256').update(JSON.stringify(changes)).digest('hex').slice(0, 32)
    return signedPost(settings, { id, changes }, now)
  }
  /** All of it, or it rejects. */
  const post = async (changes: readonly Change[]): Promise<Failures> => {
    for (let i = 0; i < changes.length; i += AT_ONCE) await send(changes.slice(i, i + AT_ONCE))
    return new Map()
  }
  return {
    name,
    fits,
    doubtRestored: entries =>
      afterRestore.doubt(() => Iterator.from(entries()).filter(fits), now()),
    apply: entries => held.putting(entries, () => post(entries.map(changeOf))),
    revoke: entries =>
      held.lifting(entries, mine =>
        post(mine.map(entry => ({ ...placeOf(entry), state: 'default', walledGarden: false }))),
      ),
    list: async subscriber => held.list(subscriber),
    worries: () => unconfirmed(name, held.list()),
  }
}

const placeOf = ({ realm, prefix, ports, subscriber, session }: Restriction) => ({
  realm,
  prefix,
  subscriber,
  ...(ports ? { ports } : {}),
  ...(session ? { session } : {}),
})

const changeOf = (entry: Restriction): Change => ({
  ...placeOf(entry),
  state: entry.state,
  walledGarden: entry.walledGarden,
  ...(entry.destinations ? { destinations: entry.destinations } : {}),
  ...(entry.decision === undefined ? {} : { decision: entry.decision }),
  ...(entry.until === undefined ? {} : { until: new Date(entry.until).toISOString() }),
})
