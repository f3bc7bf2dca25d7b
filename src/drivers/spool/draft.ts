// A message on its way in: in memory while it is small, in a file of its own from 96 KiB on, and in a file at once
// when all unfinished messages together hold too much memory.

import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Gathered } from '../../mail/gathered.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import type { SpoolDraft, SpooledMessage } from '../../ports/spool.ts'
import type { Stored } from './spool-store.ts'

/** A message of 64 KiB with its header, and what encoding adds to it, is still a row: three syncs fewer. */
const INLINE = 96 * 1024
/** Ends the name of a file that is not whole yet: no client was told 250 for it. */
export const UNFINISHED = '.part'
/** All unfinished bodies together; with the room for what comes next, twice as much. */
const MAX_MEMORY = 64 * 1024 * 1024

/** Memory that unfinished drafts of one spool hold. */
export type DraftMemory = { used: number }

export type DraftParts = {
  readonly folder: string
  readonly name: string
  readonly memory: DraftMemory
  readonly add: (stored: Stored) => Promise<void>
}

export function createDraft(parts: DraftParts): SpoolDraft {
  const { memory } = parts
  const path = join(parts.folder, parts.name)
  const unfinished = `${path}${UNFINISHED}`
  const held = new Gathered()
  let size = 0
  let sum = 0
  let file: FileHandle | undefined

  const spill = async () => {
    file ??= await open(unfinished, 'wx', 0o600)
    const bytes = held.bytes()
    sum = crc32(bytes, sum)
    release()
    await file.writeFile(bytes)
  }
  const release = () => {
    memory.used -= held.length
    held.drop()
  }
  const drop = async () => {
    release()
    const open = file
    file = undefined
    await open?.close().catch(() => undefined)
    if (open) for (const name of [unfinished, path]) await rm(name, { force: true })
  }

  return {
    write: async chunk => {
      size += chunk.length
      memory.used += chunk.length
      held.add(chunk)
      if (file || held.length >= INLINE || memory.used > MAX_MEMORY) await storing(spill())
    },
    read: async function* () {
      if (file) yield* createReadStream(unfinished) as AsyncIterable<Buffer>
      if (held.length > 0) yield held.bytes()
    },
    commit: async (message: SpooledMessage) => {
      try {
        if (file) {
          if (held.length > 0) await spill()
          // First the bytes, then the name, then the row: a crash leaves a file without a row, never half a message.
          await file.sync()
          await file.close()
          await rename(unfinished, path)
          await syncFolder(parts.folder)
          await parts.add({ message, size, sum, file: parts.name })
          file = undefined
        } else {
          // A store of its own, to be handed over to another thread.
          const body = new Uint8Array(held.bytes())
          release()
          await parts.add({ message, size, body })
        }
      } catch (error) {
        // The row may be there, and would then need its file.
        if (error instanceof StoreUnavailable && error.halfDone) release()
        else await drop()
        throw error instanceof StoreUnavailable ? error : new StoreUnavailable(String(error))
      }
    },
    abort: drop,
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function storing(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    throw new StoreUnavailable(String(error))
  }
}
