// What a program says next, such as its port when it stands, or the answer to what it was told.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** For whoever only starts, or answers (ms). */
const PATIENCE = 180_000

/** Throws when it cannot be started, ends, or says nothing for three minutes (then it is ended). Ask before it may answer. */
export async function nextWords(child: ChildProcess): Promise<string> {
  const { stdout, spawnargs } = child
  if (!stdout) throw new Error('it has no output')
  const name = spawnargs.slice(0, 2).join(' ')
  const over = new AbortController()
  const { signal } = over
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  // An error of the child rejects each of these.
  const words = once(stdout, 'data', { signal }).then(([chunk]) => String(chunk).trim())
  const gone = once(child, 'close', { signal }).then(([code, killed]) => {
    throw new Error(`${name} ended with ${code ?? killed} and said nothing`)
  })
  try {
    return await Promise.race([words, gone])
  } finally {
    clearTimeout(late)
    for (const one of [words, gone]) one.catch(() => undefined)
    over.abort()
  }
}
