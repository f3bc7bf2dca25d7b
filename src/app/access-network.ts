// The access network: the routers that do something about a line. Each is brought to the state that decisions, leases and plans ask for.

import { join } from 'node:path'
import type { OpenRouter, RouterParts } from '../drivers/network/network-driver.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import { ROUTERS } from './router-list.ts'
import type { Scope } from './scope.ts'
import type { Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

const FOLDER = { dataFolder: 'restart' } as const satisfies Keys
export const ACCESS_NETWORK_READS: readonly Keys[] = [FOLDER, ...ROUTERS.map(({ reads }) => reads)]

export async function openAccessNetwork(
  scope: Scope,
  settings: Settings,
  { now }: Pick<World, 'now'>,
): Promise<readonly NetworkControl[]> {
  const { dataFolder } = settings.of(FOLDER).now
  const heldIn: RouterParts['heldIn'] = (kind, name) =>
    join(dataFolder, `${kind}-${encodeURIComponent(name)}.json`)
  const routers: NetworkControl[] = []
  for (const driver of ROUTERS)
    for (const one of driver.settings(settings.of(driver.reads).now))
      routers.push(
        await scope.open<OpenRouter>(driver.called(one), () => driver.open(one, { heldIn, now }), {
          close: async opened => opened.close?.(),
        }),
      )
  return routers
}
