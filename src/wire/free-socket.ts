// Makes room for a Unix socket. What is left of a program that was killed goes; a file that is no socket stays, and so does a socket
// at which a program answers: nothing of others is ever taken away.

import { lstatSync, rmSync } from 'node:fs'
import { connect } from 'node:net'

/** Resolves when nothing stands at `path`. Rejects with a sentence when what stands there is not ours to remove. */
export async function freeSocket(path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (!there) return
  if (!there.isSocket())
    throw new Error(
      `${path} is there already and is no socket. Move it away, or name another path.`,
    )
  if (await isAnswered(path))
    throw new Error(`${path} is in use by another program. Stop it, or name another path.`)
  rmSync(path, { force: true })
}

/** A full queue of clients that wait (EAGAIN) and a missing right count as answers, too: only a program that is certainly gone does not. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', error => resolve(!/ECONNREFUSED|ENOENT/.test(error.message)))
  })
}
