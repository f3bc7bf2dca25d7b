// Linux routers, as an entry of the list of network drivers.

import { SECOND } from '../../../model/duration.ts'
import type { NetworkDriver } from '../network-driver.ts'
import type { TableSettings } from './base-table.ts'
import { NftMonitor } from './nft-monitor.ts'
import { nftables, nftIn, type NftablesSettings } from './nftables.ts'
import { OwnTable } from './own-table.ts'
import { TableGuard } from './table-guard.ts'

type RouterSettings = NftablesSettings & TableSettings
type NftablesConfig = { readonly nftables: readonly RouterSettings[] }

/** Where Cordon changes nothing for so long (ms), it makes a change that changes nothing, to see whether `nft monitor` tells of it. */
const HEARTBEAT = 20 * SECOND
/** How often it is looked whether that time is over (ms). */
const LOOKED = 10 * SECOND

/** What nft says under a unit without `CAP_NET_ADMIN`, and without netlink. */
const LACKS_RIGHT = /Operation not permitted|Address family not supported/

export const linuxRouters: NetworkDriver<NftablesConfig, RouterSettings> = {
  reads: { nftables: 'restart' },
  settings: config => config.nftables,
  called: ({ name }) => `nftables ${name}`,
  open: (settings, { now }) => {
    const monitor = new NftMonitor(settings.command)
    const guard = new TableGuard(new OwnTable(settings), now)
    const router = nftables(settings, now, nftIn(settings.command, monitor), guard)
    const about = settings.name
    let look = (): void => undefined
    const beat = setInterval(() => {
      // Why it fails is said by the next look at the router, and what it holds is not known until then.
      if (monitor.isIdle(HEARTBEAT)) router.touch().catch(() => look())
    }, LOOKED).unref()
    return {
      ...router,
      onForeignChange: heard => {
        look = heard
        monitor.follow(heard)
      },
      worries: () => {
        const words = monitor.trouble()
        const failure = router.failure?.()
        return [
          ...(failure === undefined
            ? []
            : [
                {
                  what: LACKS_RIGHT.test(failure) ? 'no right to nft' : 'router silent',
                  about,
                  words: failure,
                },
              ]),
          ...(words === undefined ? [] : [{ what: 'nft-monitor', about, words }]),
          ...guard.worries(about),
        ]
      },
      close: () => {
        clearInterval(beat)
        return monitor.close()
      },
    }
  },
}
