// Whether a backup is whole: every file is there with the bytes that were copied, and every database can be read to its end.

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { wordsOf } from '../../model/errors.ts'
import { digestOfFile } from './copy-file.ts'
import { FILES, type Manifest, readManifest } from './manifest.ts'
import { strayFiles } from './stray-files.ts'

export type Verified = {
  readonly manifest: Manifest
  /** One sentence each; empty for a backup that is whole. */
  readonly faults: readonly string[]
}

/** More faults than this are not listed. */
const MOST = 20
/** Throws a sentence where there is no backup, or its list is damaged. */
export function verifyBackup(folder: string): Verified {
  const manifest = readManifest(folder)
  const known = new Set(manifest.files.map(({ path }) => path))
  // Links first: nothing is read through one.
  const faults = strayFiles(join(folder, FILES), known, MOST)
  if (faults.length > 0) return { manifest, faults }
  for (const { path, bytes, sha256 } of manifest.files) {
    const file = join(folder, FILES, path)
    const fault = faultOf(file, { bytes, sha256 }) ?? faultOfDatabase(file)
    if (fault === undefined) continue
    faults.push(`${path}: ${fault}`)
    if (faults.length >= MOST) break
  }
  return { manifest, faults }
}

function faultOf(file: string, wanted: { bytes: number; sha256: string }): string | undefined {
  try {
    const { bytes, sha256 } = digestOfFile(file)
    if (bytes !== wanted.bytes) return `it has ${bytes} bytes instead of ${wanted.bytes}`
    return sha256 === wanted.sha256 ? undefined : 'it has other bytes than were copied'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'it is missing'
    throw error
  }
}

/** As it lies: also on a medium that cannot be written. */
function faultOfDatabase(file: string): string | undefined {
  if (!file.endsWith('.db')) return undefined
  const place = pathToFileURL(file)
  place.searchParams.set('immutable', '1')
  try {
    const database = new DatabaseSync(place, { readOnly: true })
    try {
      const [row] = database.prepare('PRAGMA quick_check(1)').all()
      const said = String(row?.['quick_check'])
      return said === 'ok' ? undefined : said
    } finally {
      database.close()
    }
  } catch (error) {
    return wordsOf(error)
  }
}
