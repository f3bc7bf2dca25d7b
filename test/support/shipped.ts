// The shipped policy and budgets, as the default configuration has them.

import { checkConfig } from '../../src/config/load.ts'

const config = checkConfig({})
export const shipped = {
  policy: { modes: config.rules, limits: config.limits },
  budgets: config.budgets,
}
