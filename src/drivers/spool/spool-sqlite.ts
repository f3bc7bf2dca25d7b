// The spool of one machine: a SQLite file with a writer and a reader thread, and a folder for large bodies.

import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HOUR } from '../../model/duration.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import type { Spool } from '../../ports/spool.ts'
import type { ReadAnswer, ReadCall, WriteAnswer, WriteCall } from './calls.ts'
import { createDraft, type DraftMemory } from './draft.ts'
import { startWorker } from '../sqlite/worker-client.ts'

/** What cannot be read is looked at again after this: somebody may have mended it. */
const DAMAGED_AGAIN = HOUR

export type SpoolOptions = { readonly folder: string; readonly synchronous?: 'FULL' | 'NORMAL' }

export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { folder } = options
  const bodies = join(folder, 'bodies')
  await mkdir(bodies, { recursive: true, mode: 0o700 })
  const start = { path: join(folder, 'spool.db'), synchronous: options.synchronous ?? 'FULL' }
  const writer = startWorker<WriteCall, WriteAnswer>(
    new URL('./writer-worker.ts', import.meta.url),
    start,
  )
  // The reader may only come once the tables are there.
  await writer.ask({ call: 'settle', results: [] })
  const reader = startWorker<ReadCall, ReadAnswer>(
    new URL('./reader-worker.ts', import.meta.url),
    start,
  )
  await sweepOrphans(bodies, (await reader.ask({ call: 'files' })).files ?? new Set())
  const memory: DraftMemory = { used: 0 }
  const wakers = new Set<(flushed: boolean) => void>()
  const wake = (flushed = false) => {
    for (const waker of wakers) waker(flushed)
  }
  let drafts = 0
  const removeFiles = (files: readonly string[]) =>
    Promise.all(files.map(name => rm(join(bodies, name), { force: true })))

  return {
    open: () =>
      createDraft({
        folder: bodies,
        name: `${process.pid}-${Date.now().toString(36)}-${drafts++}`,
        memory,
        add: async stored => {
          await writer.ask(
            { call: 'add', stored },
            stored.body ? [stored.body.buffer as ArrayBuffer] : [],
          )
          wake()
        },
      }),
    claim: async (at, max, leaseMs) => {
      const { claims = [], damaged = [] } = await reader.ask({
        call: 'claim',
        at,
        max,
        leaseUntil: at + leaseMs,
      })
      if (damaged.length > 0) {
        const results = damaged.map(({ recipient, why }) => ({
          recipient,
          outcome: 'later' as const,
          nextTry: at + DAMAGED_AGAIN,
          answer: why,
        }))
        await writer.ask({ call: 'settle', results })
      }
      return claims
    },
    body: async message => {
      const { body: found } = await reader.ask({ call: 'body', message })
      if (!found) throw new StoreUnavailable(`message ${message} is not in the queue`)
      return bytesOf(
        found.headers,
        found.body,
        found.file === undefined ? undefined : join(bodies, found.file),
      )
    },
    settle: async results => {
      const { files } = await writer.ask({ call: 'settle', results })
      await reader.ask({ call: 'give-back', recipients: results.map(result => result.recipient) })
      await removeFiles(files)
    },
    totals: async () => (await reader.ask({ call: 'totals' })).totals ?? [],
    list: async filter => (await reader.ask({ call: 'list', filter })).rows ?? [],
    change: async (filter, change) => {
      const { rows, files } = await writer.ask({ call: 'change', filter, change })
      await removeFiles(files)
      if (change.to === 'queued') wake()
      return rows
    },
    nextDue: async after => (await reader.ask({ call: 'next-due', after })).nextDue,
    flush: async at => {
      const { count = 0 } = await writer.ask({ call: 'flush', at })
      wake(true)
      return count
    },
    onDue: waker => void wakers.add(waker),
    close: async () => {
      await reader.close()
      await writer.close()
    },
  }
}

async function* bytesOf(
  headers: string,
  body: Uint8Array | undefined,
  file: string | undefined,
): AsyncIterable<Uint8Array> {
  if (headers !== '') yield Buffer.from(headers, 'utf8')
  if (body) yield body
  if (file !== undefined) yield* createReadStream(file) as AsyncIterable<Buffer>
}

/** Bodies whose message was never committed: nobody was told 250 for them. */
async function sweepOrphans(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder))
    if (!wanted.has(name)) await rm(join(folder, name), { force: true })
}
