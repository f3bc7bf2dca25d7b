// Access routers with an agent, as an entry of the list of network drivers.

import type { NetworkDriver } from '../network-driver.ts'
import { accessRouter, type AccessRouterSettings } from './access-router.ts'

type AccessRouterConfig = { readonly accessRouters: readonly AccessRouterSettings[] }

export const accessRouters: NetworkDriver<AccessRouterConfig, AccessRouterSettings> = {
  reads: { accessRouters: 'restart' },
  settings: config => config.accessRouters,
  called: ({ host }) => `access router ${host}`,
  open: accessRouter,
}
