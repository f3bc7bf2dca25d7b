// A mark of what is in each file that the configuration names, so that a reload sees a certificate which was renewed under the same name.

import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { placeInWords } from '../config/complaint.ts'
import { type NamedFile, namedFiles } from '../config/named-files.ts'
import type { Config } from '../config/schema.ts'
import { wholeFileNow } from '../wire/whole-file.ts'

/** Its place in the configuration: `certificate.chain`. */
export type FileMarks = ReadonlyMap<string, FileMark>
export type FileMark = NamedFile & { readonly mark: string }

/** Of a larger one (MMDB) it is not read for this, but what the file system says of it. */
const READ_UP_TO = 1024 * 1024

export const fileMarks = (config: Config): FileMarks =>
  new Map(
    namedFiles(config).map(one => [placeInWords(one.path), { ...one, mark: markOf(one.file) }]),
  )

/** A file that is not there has one, too: it may come later. */
function markOf(file: string): string {
  try {
    const found = statSync(file)
    if (!found.isFile()) return 'no file'
    if (found.size <= READ_UP_TO)
      return createHash('sha256').update(wholeFileNow(file).bytes).digest('hex')
    const { dev, ino, size, mtimeMs, ctimeMs } = found
    return [dev, ino, size, mtimeMs, ctimeMs].join(' ')
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}

/** Files that are named at the same place as before, and have other content. */
export const changedIn = (before: FileMarks, after: FileMarks): readonly NamedFile[] =>
  [...after].flatMap(([place, { mark, ...named }]) => {
    const old = before.get(place)
    return old && old.file === named.file && old.mark !== mark ? [named] : []
  })
