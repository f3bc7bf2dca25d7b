// What the configuration may say of routers, each beside its driver: one line a driver.

import { accessRouterSchema } from '../drivers/network/access-router/config-schema.ts'
import { nftablesSchema } from '../drivers/network/nftables/config-schema.ts'
import { radiusCoaSchema } from '../drivers/network/radius-coa/config-schema.ts'
import { webhookSchema } from '../drivers/network/webhook/config-schema.ts'

export const routersSchema = {
  ...nftablesSchema,
  ...radiusCoaSchema,
  ...webhookSchema,
  ...accessRouterSchema,
}
