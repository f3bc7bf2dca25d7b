// Linux routers, as an entry of the list of network drivers.

import type { NetworkDriver } from '../network-driver.ts'
import { nftables, type NftablesSettings } from './nftables.ts'

type Configured = { readonly nftables: readonly NftablesSettings[] }

export const linuxRouters: NetworkDriver<Configured, NftablesSettings> = {
  reads: { nftables: 'restart' },
  settings: config => config.nftables,
  called: ({ name }) => `nftables ${name}`,
  open: (settings, { now }) => nftables(settings, now),
}
