// Mailauth, as everything here calls it: strict (RFC 6376, 7208, 8301, 8617, 9989), with bounded questions to the DNS that never carry a
// name that is not legal. What of its answer is believed is in `believed.ts`.

import { Readable } from 'node:stream'
import type { CameFrom } from '../../ports/authenticator.ts'
import { askedWithin, type Dns } from '../lookups/node-resolver.ts'
import { within } from '../within.ts'

/** What mailauth says of a message. */
export type Found = Awaited<ReturnType<typeof import('mailauth').authenticate>>

export type Asked = {
  readonly dns: Dns
  readonly from: CameFrom
  readonly ourName: string
  readonly questions: number
  /** For all of it, in ms. */
  readonly budget: number
  /** Makes an ARC set of what is found, too. */
  readonly seal?: {
    readonly signingDomain: string
    readonly selector: string
    readonly privateKey: string
  }
}

/** Rejects when it is not done in time. Mailauth is loaded when the first message needs it. */
export async function checked(body: AsyncIterable<Uint8Array>, asked: Asked): Promise<Found> {
  const { dns, from, ourName, questions, budget, seal } = asked
  const { authenticate } = await import('mailauth')
  return within(
    budget,
    authenticate(Readable.from(body), {
      ip: from.address,
      helo: from.helo,
      sender: from.sender,
      mta: ourName,
      resolver: askedWithin(dns, { questions, budget }),
      disableBimi: true,
      strict: true,
      ...(seal ? { seal } : {}),
    }),
  )
}
