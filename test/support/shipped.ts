// The shipped policy and budgets, as the default configuration has them.

import { policyOf } from '../../src/config/policy-of.ts'
import { checkConfig } from '../../src/config/load.ts'

const config = checkConfig({})
export const shipped = {
  policy: policyOf(config),
  budgets: config.budgets,
}
