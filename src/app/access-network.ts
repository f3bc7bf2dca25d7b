// The access network: the routers that do something about a line. Each is a driver that brings its device to the state that decisions,
// leases and plans ask for.

import { join } from 'node:path'
import { accessRouter } from '../drivers/network/access-router.ts'
import { nftables } from '../drivers/network/nftables/nftables.ts'
import { radiusCoa } from '../drivers/network/radius-coa/radius-coa.ts'
import { webhook } from '../drivers/network/webhook.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

const DRIVERS = {
  dataFolder: 'restart',
  accessRouters: 'restart',
  radiusCoa: 'restart',
  webhooks: 'restart',
  nftables: 'restart',
} as const satisfies Keys
export const ACCESS_NETWORK_READS = [DRIVERS]

export async function openAccessNetwork(
  scope: Scope,
  settings: Settings,
  { now }: Pick<World, 'now'>,
): Promise<readonly NetworkControl[]> {
  const config = settings.of(DRIVERS).now
  const heldIn = (kind: string, name: string) =>
    join(config.dataFolder, `${kind}-${encodeURIComponent(name)}.json`)
  const routers: NetworkControl[] = []
  for (const one of config.accessRouters)
    routers.push(
      await scope.open(`access router ${one.host}`, () => accessRouter(one), {
        close: opened => opened.close(),
      }),
    )
  for (const one of config.radiusCoa)
    routers.push(
      await scope.open(
        `RADIUS CoA ${one.name}`,
        () => radiusCoa(one, heldIn('coa', one.name), now),
        {
          close: opened => opened.close(),
        },
      ),
    )
  for (const one of config.webhooks)
    routers.push(
      await scope.open(`webhook ${one.name}`, () => webhook(one, heldIn('webhook', one.name), now)),
    )
  for (const one of config.nftables)
    routers.push(await scope.open(`nftables ${one.name}`, () => nftables(one, now)))
  return routers
}
