// Logins whose passwords are in circulation, by a list that others have sent.

import { z } from 'zod'
import { contract } from './contract.ts'
import { line } from './fields.ts'

/** In one order; `cordon feedback import --accounts` makes several of more. */
export const ACCOUNTS_AT_ONCE = 10_000
const ADVICE = `Write a list of mail accounts, ${ACCOUNTS_AT_ONCE} at most.`

export const importAccounts = contract({
  kind: 'import-accounts',
  about: 'import a list of accounts whose passwords are in circulation',
  ownerMay: false,
  fields: z.strictObject({
    accounts: z
      .array(line(ADVICE, 320), { error: ADVICE })
      .min(1, { error: ADVICE })
      .max(ACCOUNTS_AT_ONCE, { error: ADVICE })
      .readonly(),
  }),
  target: ({ accounts }) => `${accounts.length} accounts`,
  // Most are of other providers.
  censor: () => ({ accounts: [] }),
  maxBytes: 4 * 1024 * 1024,
})
