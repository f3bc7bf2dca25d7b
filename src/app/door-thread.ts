// A thread of SMTP doors, as doors.ts starts it where `doorThreads` says so: the same doors on the same ports, with the
// engine, the logins and the caps of the main thread behind a MessagePort. It has no store and decides nothing.

import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { openSmtpDoor, type SmtpDoor, type SmtpListener } from '../doors/smtp/server.ts'
import type { DoorSettings, SmtpParts } from '../doors/smtp/server.ts'
import type { FromThread, ToThread } from '../drivers/engine-port/door-threads.ts'
import { engineClient } from '../drivers/engine-port/engine-client.ts'
import { randomNames } from '../drivers/names/random-names.ts'
import { sessionTable } from '../wire/session-table.ts'
import { type Pem, tlsIdentity } from '../wire/tls-identity.ts'

export type DoorStart = {
  readonly listeners: readonly SmtpListener[]
}

/** What may change while it runs. */
export type DoorLive = { readonly certificates: readonly Pem[]; readonly settings: DoorSettings }

type Given = {
  readonly start: DoorStart
  readonly live: DoorLive
  readonly port: MessagePort
}

if (!isMainThread && parentPort) await openDoors(workerData as Given, parentPort)

async function openDoors({ start, live, port }: Given, main: MessagePort): Promise<void> {
  const tell = (said: FromThread) => main.postMessage(said)
  const { engine, logins, caps, onCut } = engineClient(port)
  let { settings } = live
  const identity = tlsIdentity(live.certificates)
  const sessions = sessionTable()
  onCut(sessions.cut)
  const parts: SmtpParts = {
    engine,
    logins,
    caps,
    sessions,
    identity,
    now: Date.now,
    newSessionId: randomNames().record,
    settings: () => settings,
    trouble: (error, about) =>
      tell({
        trouble: error instanceof Error ? (error.stack ?? error.message) : String(error),
        about,
      }),
  }
  const doors: SmtpDoor[] = []
  main.on('message', (said: ToThread<DoorLive>) => {
    if ('replace' in said) {
      settings = said.replace.settings
      return identity.replace(said.replace.certificates)
    }
    void Promise.all(doors.map(door => door.close(said.close))).then(() =>
      // What the last connections said is on its way first.
      setImmediate(() => setImmediate(() => process.exit(0))),
    )
    return undefined
  })
  try {
    for (const listener of start.listeners) doors.push(await openSmtpDoor(listener, parts))
    tell({ ports: doors.map(door => door.port) })
  } catch (error) {
    tell({ failed: String(error) })
  }
}
