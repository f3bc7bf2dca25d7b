// Access routers with an agent, as an entry of the list of network drivers.

import type { NetworkDriver } from '../network-driver.ts'
import { accessRouter, type AccessRouterSettings } from './access-router.ts'

type Configured = { readonly accessRouters: readonly AccessRouterSettings[] }

export const accessRouters: NetworkDriver<Configured, AccessRouterSettings> = {
  reads: { accessRouters: 'restart' },
  settings: config => config.accessRouters,
  called: ({ host }) => `access router ${host}`,
  open: accessRouter,
}
