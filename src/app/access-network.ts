// The access network: the routers that do something about a line. Each is brought to the state that decisions, leases and plans ask for.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readHeld } from '../drivers/network/held-file.ts'
import type { OpenRouter, RouterParts } from '../drivers/network/network-driver.ts'
import { removedRouter } from '../drivers/network/removed-router.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import { type ListedDriver, ROUTERS } from './router-list.ts'
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
  for (const driver of ROUTERS) {
    const all = driver.settings(settings.of(driver.reads).now)
    await handOver(scope, driver, { all, dataFolder, heldIn })
    const open = async (called: string, opening: () => OpenRouter) =>
      routers.push(await scope.open(called, opening, { close: async opened => opened.close?.() }))
    for (const one of all) await open(driver.called(one), () => driver.open(one, { heldIn, now }))
    const { writesDown } = driver
    if (!writesDown) continue
    const { kind, isOfSessions } = writesDown
    const mine = all.map(one => writesDown.nameOf(one))
    for (const name of namesIn(dataFolder, kind))
      if (!mine.includes(name) && readHeld(heldIn(kind, name)).length > 0)
        await open(`${kind} ${name}, which was removed`, () =>
          removedRouter({ name, file: heldIn(kind, name), isOfSessions }),
        )
  }
  return routers
}

type WrittenDown = {
  readonly all: readonly object[]
  readonly dataFolder: string
  readonly heldIn: RouterParts['heldIn']
}

/** Before any entry is opened. Nothing where nothing is written down. */
async function handOver(
  scope: Scope,
  { writesDown }: ListedDriver,
  { all, dataFolder, heldIn }: WrittenDown,
): Promise<void> {
  if (!writesDown?.handOver) return
  const { kind } = writesDown
  const found = namesIn(dataFolder, kind)
  if (found.length === 0) return
  const names = [...all.map(one => writesDown.nameOf(one)), ...found]
  await scope.open(`what ${kind} entries have put on`, () =>
    writesDown.handOver?.(all, new Map(names.map(name => [name, heldIn(kind, name)]))),
  )
}

/** Of entries that have written down what they put on, also of such that are not in the configuration any more. */
function namesIn(dataFolder: string, kind: string): readonly string[] {
  if (!existsSync(dataFolder)) return []
  return readdirSync(dataFolder)
    .filter(file => file.startsWith(`${kind}-`) && file.endsWith('.json'))
    .flatMap(file => {
      try {
        return [decodeURIComponent(file.slice(kind.length + 1, -'.json'.length))]
      } catch {
        // Not written by Cordon.
        return []
      }
    })
}
