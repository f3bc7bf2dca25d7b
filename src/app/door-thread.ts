// A thread of one door, as doors.ts starts it where `doorThreads` says so: the same door on the same ports, with the engine, the logins
// and the caps of the main thread behind a MessagePort. It is given the door's name, its listeners and settings, has no store and
// decides nothing.

import { wordsOf } from '../model/errors.ts'
import { commandTurns } from '../wire/command-turns.ts'
import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { failedWith, type FromThread, type ToThread } from '../drivers/engine-port/door-threads.ts'
import { engineClient } from '../drivers/engine-port/engine-client.ts'
import { randomNames } from '../drivers/names/random-names.ts'
import type { DoorParts, OpenDoor } from '../wire/door.ts'
import { sessionTable } from '../wire/session-table.ts'
import { type Pem, tlsIdentity } from '../wire/tls-identity.ts'
import { DOORS, type Listener } from './door-list.ts'

/** Plain JSON. */
export type DoorStart = { readonly door: string; readonly listeners: readonly Listener[] }

/** What may change while it runs; plain JSON as well. */
export type DoorLive = { readonly certificates: readonly Pem[]; readonly settings: unknown }

type ThreadStart = {
  readonly start: DoorStart
  readonly live: DoorLive
  readonly port: MessagePort
}

if (!isMainThread && parentPort) await openDoor(workerData as ThreadStart, parentPort)

async function openDoor({ start, live, port }: ThreadStart, main: MessagePort): Promise<void> {
  const tell = (said: FromThread) => main.postMessage(said)
  const { engine, logins, caps, onCut } = engineClient(port)
  let { settings } = live
  const identity = tlsIdentity(live.certificates)
  const sessions = sessionTable()
  onCut(sessions.cut)
  const parts: DoorParts<unknown> = {
    engine,
    logins,
    caps,
    turns: commandTurns(),
    sessions,
    identity,
    now: Date.now,
    newSessionId: randomNames().record,
    settings: () => settings,
    trouble: (error, about) =>
      tell({
        trouble: error instanceof Error ? (error.stack ?? error.message) : wordsOf(error),
        about,
      }),
  }
  const open: OpenDoor[] = []
  main.on('message', (said: ToThread<DoorLive>) => {
    if ('replace' in said) {
      settings = said.replace.settings
      return identity.replace(said.replace.certificates)
    }
    void Promise.all(open.map(one => one.close(said.close))).then(() =>
      // What the last connections said is on its way first.
      setImmediate(() => setImmediate(() => process.exit(0))),
    )
    return undefined
  })
  try {
    const door = DOORS.find(({ name }) => name === start.door)
    if (!door) throw new Error(`there is no door ${start.door}`)
    for (const listener of start.listeners) open.push(await door.open(listener, parts))
    tell({ ports: open.map(one => one.port) })
  } catch (error) {
    tell({ failed: failedWith(error) })
  }
}
