// For everything Cordon has no driver for: each change is posted to an address of the operator's, as JSON, signed, and again until
// it is answered with 2xx. The same change has the same id, so that whoever gets it twice can tell.

import { createHash, createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Restriction } from '../../model/decision.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import { HeldFile } from './held-file.ts'

export type WebhookSettings = {
  readonly name: string
  readonly url: string
  /** What the signature is made with. */
  readonly secret: string
  readonly realm: string
}

/** Milliseconds before each further attempt; after these it is tried again when the whole is compared. */
const AGAIN = [1000, 4000]
const TIMEOUT = 5000
/** Changes in one request. */
const AT_ONCE = 500

type Change = Pick<Restriction, 'realm' | 'prefix' | 'ports' | 'subscriber' | 'session'> & {
  readonly state: Restriction['state'] | 'default'
  readonly garden: boolean
  readonly decision?: string
  /** RFC 3339; absent for what has no end. */
  readonly until?: string
}

/** `file`: where it is written down what was put on. */
export function webhook(
  settings: WebhookSettings,
  file: string,
  now: () => number,
): NetworkControl {
  const { name, realm } = settings
  const held = new HeldFile(file)
  const post = async (changes: readonly Change[]): Promise<void> => {
    for (let i = 0; i < changes.length; i += AT_ONCE)
      await untilTaken(settings, changes.slice(i, i + AT_ONCE), now)
  }
  return {
    name,
    fits: entry => entry.realm === realm,
    apply: entries => held.putting(entries, () => post(entries.map(changeOf))),
    revoke: async entries => {
      await post(entries.map(entry => ({ ...placeOf(entry), state: 'default', garden: false })))
      held.drop(entries)
    },
    list: async subscriber => held.list(subscriber),
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
  garden: entry.garden,
  ...(entry.decision === undefined ? {} : { decision: entry.decision }),
  ...(entry.until === undefined ? {} : { until: new Date(entry.until).toISOString() }),
})

/** Rejects with what the other side said last. */
async function untilTaken(
  { url, secret }: WebhookSettings,
  changes: readonly Change[],
  now: () => number,
): Promise<void> {
  const id = createHash('sha256').update(JSON.stringify(changes)).digest('hex').slice(0, 32)
  const body = JSON.stringify({ id, changes })
  for (let attempt = 0; ; attempt++) {
    try {
      const at = Math.floor(now() / 1000)
      const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': id,
          'cordon-signature': `t=${at},v1=${signature}`,
        },
        body,
        signal: AbortSignal.timeout(TIMEOUT),
      })
      await answer.body?.cancel()
      if (answer.ok) return
      throw new Error(`${new URL(url).host} answers ${answer.status}`)
    } catch (error) {
      const wait = AGAIN[attempt]
      if (wait === undefined) throw error
      await pause(wait)
    }
  }
}
