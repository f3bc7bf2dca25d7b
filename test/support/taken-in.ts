// A message from outside as it is taken in: what was judged of it, and the bytes that are kept. Nothing goes to a disk.

import { incoming, type Whole } from '../../src/engine/intake/incoming.ts'
import type { Transaction } from '../../src/model/step.ts'

const TX: Transaction = {
  session: 's',
  listener: 'inbound',
  at: 0,
  client: { realm: 'main', address: '198.51.100.7', port: 1 },
  tls: false,
  helo: 'x',
  sender: 'x@y.example',
  recipients: ['anna@isp.example'],
  extended: true,
  esmtp: {},
}

export type TakenIn = Whole & { readonly stored: Buffer }

/** Written in these pieces. Undefined when it is refused for its form. */
export async function takenIn(pieces: Iterable<Uint8Array>): Promise<TakenIn | undefined> {
  const stored: Uint8Array[] = []
  const store = {
    write: async (chunk: Uint8Array) => void stored.push(chunk),
    read: async function* () {
      yield* stored
    },
    commit: async () => undefined,
    abort: async () => undefined,
  }
  const draft = incoming({ open: () => store }, TX, {
    readings: {
      run: (_turn, work) => work(),
      begin: (_turn, work) => work(),
      header: () => undefined,
    },
    ourName: 'mail.isp.example',
  })
  for (const piece of pieces) await draft.write(piece)
  const whole = await draft.finish()
  return whole.headerTooLarge ? undefined : { ...whole, stored: Buffer.concat(stored) }
}
