// The web pages and the control socket, as main.ts opens them: one for staff, one that takes orders, one for customers and for whoever
// was refused. Wired once; nothing here decides anything.

import { join } from 'node:path'
import type { Config } from './config/schema.ts'
import { consoleApp } from './doors/http/console-app.ts'
import { portalApp, type PortalParts } from './doors/http/portal-app.ts'
import { openHttpDoor } from './doors/http/server.ts'
import { type OperationsParts, operations } from './drivers/metrics/operations.ts'
import type { RunningEngine } from './engine/engine.ts'
import type { Reading } from './ports/reading.ts'
import type { Refusals } from './ports/refusals.ts'

export type PagesParts = Pick<PortalParts, 'credentials' | 'brake' | 'factors'> & {
  readonly engine: Pick<RunningEngine, 'command' | 'explain'>
  readonly reading: Reading
  readonly refusals: Refusals
  readonly operations: OperationsParts
  readonly postmaster: string
  readonly now: () => number
}

export type Pages = {
  readonly consolePort: number
  readonly portalPort: number
  readonly controlSocket: string
  close(): Promise<void>
}

export async function openPages(config: Config, parts: PagesParts): Promise<Pages> {
  const { reading, refusals, now, postmaster } = parts
  const { command, explain } = parts.engine
  const { provider, http } = config
  const controlSocket = join(config.dataFolder, 'control.sock')
  const staff = {
    reading,
    refusals,
    operations: operations(parts.operations),
    now,
    hosts: [config.hostname],
  }
  const consoleDoor = await openHttpDoor(consoleApp(staff), http.console)
  const control = consoleApp({ ...staff, command, explain })
  const controlDoor = await openHttpDoor(control, { socket: controlSocket })
  const portal = portalApp({
    ...parts,
    command,
    provider,
    proxies: http.portal.proxies,
    why: { refusals, explain, now, provider, postmaster },
  })
  const portalDoor = await openHttpDoor(portal, http.portal)
  return {
    consolePort: consoleDoor.port,
    portalPort: portalDoor.port,
    controlSocket,
    close: async () => {
      await Promise.all([consoleDoor, controlDoor, portalDoor].map(async door => door.close()))
    },
  }
}
