// Messages as they are put into a queue, and read from it.

import type { Spool, SpooledMessage, SpooledRecipient } from '../../src/ports/spool.ts'

export const AT = 1_000_000

export const recipient = (
  address: string,
  rest: Partial<SpooledRecipient> = {},
): SpooledRecipient => ({
  address,
  state: 'queued',
  due: AT,
  ...rest,
})

export const message = (
  id: string,
  recipients: readonly SpooledRecipient[],
  rest: Partial<SpooledMessage> = {},
): SpooledMessage => ({
  message: id,
  at: AT,
  sender: 'a@isp.example',
  login: 'a@isp.example',
  subscriber: '1',
  expires: AT + 1e9,
  headers: 'Received: here\r\n',
  subject: 'hello',
  nats: 0,
  bounceable: true,
  recipients,
  ...rest,
})

export async function put(
  spool: Spool,
  spooled: SpooledMessage,
  ...chunks: Uint8Array[]
): Promise<void> {
  const draft = spool.open()
  for (const chunk of chunks) await draft.write(chunk)
  await draft.commit(spooled)
}

export async function read(spool: Spool, id: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of await spool.body(id)) parts.push(part)
  return Buffer.concat(parts).toString('latin1')
}
