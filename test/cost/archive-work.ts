// What listing archives takes, without a clock: the steps of our code, and what libarchive is asked and given, counted at each call into it.
// What libarchive does inside one call is not seen, but for the memory it takes; that it ends is shown by test/e2e/hostile-archives.test.ts.

import { stepsOfAsync } from './steps.ts'
import type { FoundNames } from '../../src/drivers/archives/calls.ts'
import { type Libarchive, loadLibarchive } from '../../src/drivers/archives/libarchive.ts'
import { Lister } from '../../src/drivers/archives/list-names.ts'
import type { AttachedArchive } from '../../src/model/attached-archive.ts'
import type { Unlisted } from '../../src/ports/archives.ts'

export type ArchiveWork = {
  /** Of our own code. */
  steps: number
  /** Archives it was asked to open, and bytes of them. */
  opened: number
  handed: number
  /** Entries it was asked for, the end of each archive included. */
  entries: number
  /** Bytes of contents that it gave, or unpacked and then refused. */
  unpacked: number
  /** Bytes of contents, as declared, that it stepped over or gave. */
  passed: number
  /** Bytes of its memory. */
  memory: number
  /** Archives around the deepest name that was told. */
  depth: number
  names: readonly string[]
  unlisted: Unlisted | undefined
}

/** Lists an archive as the thread does, in a module of its own. */
export async function workOf(bytes: Buffer, name: string): Promise<ArchiveWork> {
  const names: string[] = []
  const work: ArchiveWork = { ...NOTHING, names }
  const library = await loadLibarchive()
  const archive: AttachedArchive = { name, bytes, cut: false }
  const tell = (found: FoundNames) => {
    names.push(...found.names)
    for (const path of found.within) work.depth = Math.max(work.depth, path.split(' in ').length)
    work.unlisted = found.unlisted ?? work.unlisted
  }
  const lister = new Lister(tell, counted(library, work))
  work.steps = await stepsOfAsync(() => lister.list([archive]))
  work.memory = library.memory().length
  return work
}

/** A block of a ZIP, and what was to be given together with it. */
const MOST_REFUSED = 320 * 1024

const NOTHING = {
  steps: 0,
  opened: 0,
  handed: 0,
  entries: 0,
  unpacked: 0,
  passed: 0,
  memory: 0,
  depth: 0,
  unlisted: undefined,
}

function counted(library: Libarchive, work: ArchiveWork): Libarchive {
  const { wasm } = library
  let declared = 0
  const counting: Libarchive['wasm'] = {
    ...wasm,
    read_open_memory: (archive, at, size) => {
      work.opened++
      work.handed += size
      declared = 0
      return wasm.read_open_memory(archive, at, size)
    },
    read_next_entry: archive => {
      work.entries++
      work.passed += declared
      declared = 0
      return wasm.read_next_entry(archive)
    },
    entry_size: entry => {
      declared = wasm.entry_size(entry) >>> 0
      return declared
    },
    read_data: (archive, at, most) => {
      let size = MOST_REFUSED
      try {
        size = wasm.read_data(archive, at, most)
        return size
      } finally {
        work.unpacked += size
      }
    },
  }
  return { ...library, wasm: counting }
}
