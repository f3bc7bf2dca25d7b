// A message as the queue lends it to delivery, with nothing unusual, for tests of a part of delivery.

import type { Claim } from '../../src/ports/spool.ts'

/** Recipients are numbered from 0. */
export const claimOf = (addresses: readonly string[], more: Partial<Claim> = {}): Claim => ({
  message: 'm',
  at: 0,
  sender: 'a@isp.example',
  expires: 1,
  headers: '',
  subject: '',
  nats: 0,
  bounceable: true,
  size: 1,
  recipients: addresses.map((address, id) => ({ id, address, attempts: 0, warned: false })),
  ...more,
})
