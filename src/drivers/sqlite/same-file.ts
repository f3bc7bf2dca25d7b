// Is what a store has open still what lies under its name? A file that was removed, replaced or cut short while it is open takes every
// commit without an error, and all of it is gone at the next start.

import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs'

/** Looks once more; a sentence when something is no longer what it was. Each look is two or three calls of stat (some 5 µs). */
export type FileCheck = () => string | undefined

type SeenFile = Pick<Stats, 'dev' | 'ino' | 'size'>

/** The database, which must be there, and what belongs to it, such as its log: these from when they are seen for the first time. */
export function sameFile(path: string, beside: readonly string[] = []): FileCheck {
  const seen = new Map<string, SeenFile>()
  const look: FileCheck = () => {
    for (const one of [path, ...beside]) {
      const was = seen.get(one)
      const is = statOf(one, was)
      const why = was ? changed(was, is) : undefined
      if (why !== undefined && (why !== CUT || (one === path && isCut(path))))
        return `${one} was ${why} while it was open`
      if (is) seen.set(one, is)
    }
    return undefined
  }
  look()
  return look
}

/** A disk that does not answer is no sign of another file. */
function statOf(path: string, was: SeenFile | undefined): SeenFile | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return was
  }
}

const CUT = 'cut short'

function changed(was: SeenFile, is: SeenFile | undefined): string | undefined {
  if (!is) return 'removed or moved away'
  if (is.ino !== was.ino || is.dev !== was.dev) return 'replaced'
  return is.size < was.size ? CUT : undefined
}

/** Logs and folders become smaller in order. So may a database, and then it says in its head that it has fewer pages (https://www.sqlite.org/fileformat.html, 1.3). */
function isCut(path: string): boolean {
  const head = Buffer.alloc(32)
  const file = openSync(path, 'r')
  try {
    if (readSync(file, head, 0, head.length, 0) < head.length) return true
    // 1 stands for 65,536.
    const page = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16)
    return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) < page * head.readUInt32BE(28)
  } finally {
    closeSync(file)
  }
}
