// Linux routers, as an entry of the list of network drivers.

import type { NetworkDriver } from '../network-driver.ts'
import { NftMonitor } from './nft-monitor.ts'
import { nftables, nftIn, type NftablesSettings } from './nftables.ts'

type NftablesConfig = { readonly nftables: readonly NftablesSettings[] }

export const linuxRouters: NetworkDriver<NftablesConfig, NftablesSettings> = {
  reads: { nftables: 'restart' },
  settings: config => config.nftables,
  called: ({ name }) => `nftables ${name}`,
  open: (settings, { now }) => {
    const monitor = new NftMonitor(settings.command)
    const worry = { what: 'nft-monitor', about: settings.name }
    return {
      ...nftables(settings, now, nftIn(settings.command, monitor.changes)),
      onForeignChange: heard => monitor.follow(heard),
      worries: () => {
        const words = monitor.trouble()
        return words === undefined ? [] : [{ ...worry, words }]
      },
      close: () => monitor.close(),
    }
  },
}
