// Every driver of the access network there is: one line each, in the order in which their routers are opened. What its configuration may
// say is in src/config/routers-schema.ts.

import type { Config } from '../config/schema.ts'
import { accessRouters } from '../drivers/network/access-router/driver.ts'
import type { NetworkDriver } from '../drivers/network/network-driver.ts'
import { linuxRouters } from '../drivers/network/nftables/driver.ts'
import { radiusCoas } from '../drivers/network/radius-coa/driver.ts'
import { webhooks } from '../drivers/network/webhook/driver.ts'
import type { Keys } from './settings.ts'

export const ROUTERS: readonly ListedDriver[] = [accessRouters, radiusCoas, webhooks, linuxRouters]

export type ListedDriver = Omit<NetworkDriver<Config, object>, 'reads'> & { readonly reads: Keys }
