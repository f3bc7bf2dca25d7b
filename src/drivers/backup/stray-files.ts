// What lies in a backup beside the files that were copied: it was put there afterwards, and a folder that is put back must not have it, nor read
// through a link what lies elsewhere.

import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A sentence each, at most `most`. `known`: paths inside `folder`, with `/`. */
export function strayFiles(folder: string, known: ReadonlySet<string>, most: number): string[] {
  // One that is missing is said of each file in it.
  const top = lstatSync(folder, { throwIfNoEntry: false })
  if (top && !top.isDirectory()) return [`${folder}: it is no folder`]
  const found: string[] = []
  const folders = top ? [''] : []
  for (let inside = folders.pop(); inside !== undefined; inside = folders.pop())
    for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
      if (found.length >= most) return found
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`
      if (entry.isDirectory()) folders.push(path)
      else if (!entry.isFile()) found.push(`${path}: it is no regular file`)
      else if (!known.has(path)) found.push(`${path}: backup.json does not name it`)
    }
  return found
}
