// The spool of one machine: a SQLite file with a writer and a reader thread, and a folder for large bodies.

import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HOUR } from '../../model/duration.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import type { Spool } from '../../ports/spool.ts'
import { type StoreHearers, startWorker, type WorkerClient } from '../sqlite/worker-client.ts'
import { wrongLength } from './whole-body.ts'
import type { ReadAnswer, ReadCall, ReaderStart, WriteAnswer, WriteCall } from './calls.ts'
import { createDraft, type DraftMemory } from './draft.ts'
import { countLost, sweepBodies, type Swept } from './lost-and-found.ts'
import { makeBodies, soundSpool } from './sound-spool.ts'
import { markSpool, type SpoolMark, spoolIsOurs } from './spool-mark.ts'

/** What cannot be read is looked at again after this: an operator may have mended it. */
const DAMAGED_AGAIN = HOUR

export type SpoolOptions = Partial<StoreHearers> & {
  readonly folder: string
  readonly synchronous?: 'FULL' | 'NORMAL'
  /** How the data folder knows its queue. */
  readonly mark?: SpoolMark
}

export type SpoolFile = Spool & {
  /** Bodies without a row that were found when it was opened. */
  readonly swept: Swept
  /** How many such bodies are kept now. */
  countLost(): Promise<number>
  /** Called with a sentence whenever mail that is due cannot be read as it was written. It stays in the queue. */
  onDamaged(hear: (words: string) => void): void
}

/** Throws a sentence, and has changed nothing, when the queue is damaged or gone. */
export async function openSpool(options: SpoolOptions): Promise<SpoolFile> {
  const { folder, mark, synchronous = 'FULL', trouble = notHeard, broken = notHeard } = options
  const path = join(folder, 'spool.db')
  if (mark) spoolIsOurs(folder, mark)
  await soundSpool(folder, path)
  const hearers = { trouble, broken }
  const writer = await startWorker<WriteCall, WriteAnswer>({
    ...hearers,
    file: new URL('./writer-worker.ts', import.meta.url),
    start: () => ({ path, synchronous, watched: [join(folder, 'bodies')] }),
  })
  /** Recipient -> until when it is lent, as far as the reader has said so. */
  const lent = new Map<number, number>()
  let reader: WorkerClient<ReadCall, ReadAnswer> | undefined
  try {
    // The reader may only come once the tables are there.
    reader = await startWorker<ReadCall, ReadAnswer>({
      ...hearers,
      file: new URL('./reader-worker.ts', import.meta.url),
      start: (): ReaderStart => ({ path, synchronous, lent }),
    })
    await makeBodies(folder)
    const wanted = (await reader.ask({ call: 'files' })).files ?? new Set()
    const swept = await sweepBodies(folder, wanted)
    if (mark) markSpool(folder, mark)
    return serving({ folder, writer, reader, lent, swept, trouble })
  } catch (error) {
    await reader?.close()
    await writer.close()
    throw error
  }
}

const notHeard = () => undefined

type OpenSpool = {
  readonly folder: string
  readonly writer: WorkerClient<WriteCall, WriteAnswer>
  readonly reader: WorkerClient<ReadCall, ReadAnswer>
  readonly lent: Map<number, number>
  readonly swept: Swept
  readonly trouble: StoreHearers['trouble']
}

function serving({ folder, writer, reader, lent, swept, trouble }: OpenSpool): SpoolFile {
  const bodies = join(folder, 'bodies')
  const memory: DraftMemory = { used: 0 }
  const wakers = new Set<(flushed: boolean) => void>()
  const wake = ({ flushed = false } = {}) => {
    for (const waker of wakers) waker(flushed)
  }
  /** No other run has had it, whatever the clock says: a body must never take the place of another. */
  const run = `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`
  let drafts = 0
  /** Recipients given back while no reader was there to hear it. */
  const owed = new Set<number>()
  /** Listeners for damaged mail; until there is one, the last sentence waits: mail is claimed before all parts stand. */
  const hearers = new Set<(words: string) => void>()
  let untold: string | undefined
  const removeFiles = (files: readonly string[]) =>
    Promise.all(files.map(name => rm(join(bodies, name), { force: true })))

  return {
    swept,
    countLost: () => countLost(folder),
    open: () =>
      createDraft({
        folder: bodies,
        name: `${run}-${drafts++}`,
        memory,
        add: async stored => {
          const { files } = await writer.ask(
            { call: 'add', stored },
            stored.body ? [stored.body.buffer as ArrayBuffer] : [],
          )
          await removeFiles(files)
          wake()
        },
      }),
    claim: async (at, max, leaseMs) => {
      const { claims = [], damaged = [] } = await reader.ask({
        call: 'claim',
        at,
        max,
        leaseUntil: at + leaseMs,
        back: [...owed],
      })
      owed.clear()
      if (damaged.length > 0) {
        const [{ message, why } = { message: '', why: '' }] = damaged
        const words = `mail for ${damaged.length} recipients is not sent, and kept in the queue; ${message}: ${why}`
        if (hearers.size === 0) untold = words
        for (const hear of hearers) hear(words)
        const results = damaged.map(({ recipient, why }) => ({
          recipient,
          outcome: 'later' as const,
          nextAttempt: at + DAMAGED_AGAIN,
          answer: why,
        }))
        // Other messages of this batch are already leased: an error about damaged ones must not lose them.
        await writer.ask({ call: 'settle', results }).catch(error => trouble(error, 'damaged mail'))
      }
      for (const [id, until] of lent) if (until <= at) lent.delete(id)
      for (const claim of claims) for (const { id } of claim.recipients) lent.set(id, at + leaseMs)
      return claims
    },
    body: async message => {
      const { body: found } = await reader.ask({ call: 'body', message })
      if (!found) throw new StoreUnavailable(`message ${message} is not in the queue`)
      if (found.file !== undefined) await mustBeWhole(join(bodies, found.file), message, found.size)
      return bytesOf(
        found.headers,
        found.body,
        found.file === undefined ? undefined : join(bodies, found.file),
      )
    },
    settle: async results => {
      const { files } = await writer.ask({ call: 'settle', results })
      const recipients = results.map(result => result.recipient)
      for (const id of recipients) lent.delete(id)
      await reader
        .ask({ call: 'give-back', recipients })
        .catch(() => recipients.forEach(id => owed.add(id)))
      await removeFiles(files)
    },
    paced: async (payer, most) => (await reader.ask({ call: 'paced', payer, most })).parts ?? [],
    payers: async () => (await reader.ask({ call: 'payers' })).payers ?? [],
    totals: async () => (await reader.ask({ call: 'totals' })).totals ?? [],
    list: async filter => (await reader.ask({ call: 'list', filter })).rows ?? [],
    change: async (filter, change) => {
      const { rows, files } = await writer.ask({ call: 'change', filter, change })
      await removeFiles(files)
      if (change.to === 'queued') wake()
      return rows
    },
    nextDue: async after => (await reader.ask({ call: 'next-due', after })).nextDue,
    flush: async (at, after = at) => {
      const { count = 0 } = await writer.ask({ call: 'flush', at, after })
      if (count > 0 || after === at) wake({ flushed: true })
      return count
    },
    onDamaged: hear => {
      hearers.add(hear)
      if (untold !== undefined) hear(untold)
      untold = undefined
    },
    onDue: waker => void wakers.add(waker),
    close: async () => {
      await reader.close()
      await writer.close()
    },
  }
}

/** Before the first byte of it goes to a server or mailbox. */
async function mustBeWhole(path: string, message: string, size: number): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  const wrong = wrongLength(size, found?.size)
  if (wrong !== undefined)
    throw new StoreUnavailable(`message ${message} is damaged in the queue: ${wrong}`)
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
