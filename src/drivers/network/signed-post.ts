// Posts JSON to an address of the operator's, signed, and again until it is answered with 2xx. What is posted has an id: a server that
// gets it twice can tell.

import { createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

export type SignedPostSettings = {
  readonly url: string
  /** What the signature is made with. */
  readonly secret: string
}

/** Milliseconds before each further attempt. */
const AGAIN = [1000, 4000]
const TIMEOUT = 5000

/** Rejects with what the other side said last. */
export async function signedPost(
  { url, secret }: SignedPostSettings,
  what: { readonly id: string; readonly [field: string]: unknown },
  now: () => number,
): Promise<void> {
  const body = JSON.stringify(what)
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: signedHeaders({ secret, id: what.id, body, at: now() }),
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

type Signed = {
  readonly secret: string
  readonly id: string
  readonly body: string
  readonly at: number
}

/** The signature is over body and time (seconds): what was recorded cannot be posted again later. */
export function signedHeaders({ secret, id, body, at }: Signed): Readonly<Record<string, string>> {
  const seconds = Math.floor(at / 1000)
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return {
    'content-type': 'application/json',
    'idempotency-key': inHeader(id),
    'cordon-signature': `t=${seconds},v1=${signature}`,
  }
}

/** A header takes printable ASCII only; names of the configuration are in ids. */
const inHeader = (id: string): string =>
  id.toWellFormed().replaceAll(/[^ -$&-~]/gu, encodeURIComponent)
