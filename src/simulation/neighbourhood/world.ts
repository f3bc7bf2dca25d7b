// What every actor of the neighbourhood shares: the machines, the ports, and the tally of what they did.

import { type Bot, type Plan, residentOf } from '../population/plan.ts'
import type { Resident } from '../population/town.ts'
import type { Outside } from './outside.ts'
import type { Device, Router } from './router.ts'
import type { Watcher } from './watcher.ts'

/** One message that an actor sent, or tried to send. */
export type Tallied = {
  readonly id: string
  readonly resident: string
  readonly bot?: string
  readonly to: readonly string[]
  taken: boolean
  refused: boolean
  queueId?: string
}

export type World = {
  readonly plan: Plan
  readonly outside: Outside
  readonly router: Router
  readonly watcher: Watcher
  readonly inboundPort: number
  readonly portalPort: number
  readonly controlSocket: string
  readonly tally: Tallied[]
  /** Current passwords by login; an owner may have changed one. */
  readonly passwords: Map<string, string>
  readonly stopped: AbortSignal
}

/** Every home has two machines, every thief and traveller one elsewhere; each has a loopback address of its own. */
export function devices(plan: Plan): Device[] {
  const homes = plan.residents.flatMap((resident, i) =>
    [1, 2].map(machine => ({ ...seenAs(resident), loopback: homeMachine(i, machine) })),
  )
  const thieves = plan.bots.map((bot, i) => ({
    loopback: thiefMachine(i),
    address: bot.foreignAddress,
  }))
  return [...homes, ...thieves, { loopback: HOTEL, address: '192.0.2.7' }]
}

export const HOTEL = '127.30.0.1'
export const homeMachine = (resident: number, machine: number) =>
  `127.10.${machine}.${resident + 1}`
export const thiefMachine = (bot: number) => `127.20.0.${bot + 1}`

function seenAs(resident: Resident): Omit<Device, 'loopback'> {
  return { address: resident.address, lease: resident.lease }
}

export function ownerOfBot(plan: Plan, bot: Bot): Resident {
  return residentOf(plan, bot.owner)
}

/** Waits `ms`; resolves early with false when the run ends. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve(false)
    const end = (how: 'went' | 'aborted') => {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      resolve(how === 'went')
    }
    const aborted = () => end('aborted')
    const timer = setTimeout(() => end('went'), Math.max(0, ms))
    signal.addEventListener('abort', aborted)
  })
}

/** Checks `condition` ten times a second until it is true; resolves with false when the run ends before. */
export async function until(condition: () => boolean, signal: AbortSignal): Promise<boolean> {
  while (!condition()) if (!(await pause(100, signal))) return false
  return true
}
