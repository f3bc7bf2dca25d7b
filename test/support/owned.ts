// Who opened it ends it: stores with their threads, servers, programs, folders. All that a test owns is ended when the test ends, the last
// first, also when it fails and when one of the ends fails. What is owned by `test` itself is ended with its file. Without an end, what
// a failed test left open keeps its file of tests alive for ever. An end may be called although it has ended already.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The context of a test, or `test` for the whole file. */
export type Owner = { after(end: () => Promise<void>): void }

const owners = new WeakMap<Owner, (() => unknown)[]>()

export function atEnd(owner: Owner, end: () => unknown): void {
  const standing = owners.get(owner)
  if (standing) return void standing.push(end)
  const ends = [end]
  owners.set(owner, ends)
  owner.after(async () => {
    const failed: unknown[] = []
    for (let last = ends.pop(); last; last = ends.pop())
      await Promise.try(last).catch(error => failed.push(error))
    if (failed.length > 0) throw failed[0]
  })
}

/** Closes it at the end. */
export async function owned<T extends { close(): unknown }>(
  owner: Owner,
  opening: T | Promise<T>,
): Promise<T> {
  const opened = await opening
  atEnd(owner, () => opened.close())
  return opened
}

/** A temporary folder of its own, removed at the end. */
export function folderOf(owner: Owner): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-test-'))
  atEnd(owner, () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** For one of many runs inside a test: what it owns is ended when it is over. */
export async function owning(work: (owner: Owner) => Promise<unknown>): Promise<void> {
  const ends: (() => Promise<void>)[] = []
  try {
    await work({ after: end => void ends.push(end) })
  } finally {
    for (const end of ends) await end()
  }
}
