// All customers there are, as the provider's own systems know them, but for those that are kept whatever these say.

import { z } from 'zod'
import { contract } from './contract.ts'
import { customer, line, subscriber } from './fields.ts'

const MOST = 2_000_000
const ADVICE = `Write a list of customers, ${MOST} at most.`
const KEPT = 'Write a list of customer numbers.'

export const takeFeed = contract({
  kind: 'take-feed',
  about: 'import all customers',
  ownerMay: false,
  fields: z.strictObject({
    subscribers: z.array(subscriber, { error: ADVICE }).max(MOST, { error: ADVICE }).readonly(),
    keep: z.array(customer, { error: KEPT }).max(MOST, { error: KEPT }).readonly(),
    dryRun: z.exactOptional(z.boolean({ error: 'Write true or false.' })),
    despite: z.exactOptional(line('Write why many may be gone.', 500)),
  }),
  target: ({ subscribers, despite }) =>
    `${subscribers.length} customers${despite === undefined ? '' : `, despite: ${despite}`}`,
  // Each of them is written down for itself.
  censor: ({ despite }) => ({
    subscribers: [],
    keep: [],
    ...(despite === undefined ? {} : { despite }),
  }),
  // A million customers; as much as one string of JavaScript can nearly hold.
  maxBytes: 400 * 1024 * 1024,
})
