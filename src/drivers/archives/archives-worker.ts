// The thread that lists archives, one message after the other. It may be ended at any time, and begins anew then.

import { parentPort } from 'node:worker_threads'
import type { FoundNames, ListCall } from './calls.ts'
import { Lister } from './list-names.ts'
import { type Libarchive, loadLibarchive } from './libarchive.ts'

const port = parentPort
if (!port) throw new Error('archives are listed in a worker thread')

/** A module whose memory has grown beyond this is not kept. */
const KEPT = 32 * 1024 * 1024

// Ready before the clock of the first message runs.
let libarchive: Libarchive | undefined = await loadLibarchive()
const tell = (found: FoundNames) => port.postMessage(found)

async function list({ archives }: ListCall): Promise<void> {
  const mine = libarchive
  libarchive = undefined
  const after = await new Lister(tell, mine).list(archives)
  if (after && after.memory().length <= KEPT) libarchive = after
}

port.on('message', (call: ListCall) => {
  void list(call).then(
    () => tell({ names: [], within: [], encrypted: false, done: true }),
    error =>
      tell({
        names: [],
        within: [],
        encrypted: false,
        unlisted: { archive: String(error) },
        done: true,
      }),
  )
})
port.postMessage('ready')
