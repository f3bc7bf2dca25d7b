// Finds events by what they are about: in the pieces of journal files that the index names, and in whatever of them is not in the
// index yet. The index is written behind by a thread of its own, many pieces at a time; damaged or missing it is made anew from the files.

import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../../model/event.ts'
import type { EventIndex, EventKey, EventsFound } from '../../ports/event-index.ts'
import { checkFile } from '../sqlite/check-file.ts'
import { type StoreHearers, startWorker } from '../sqlite/worker-client.ts'
import { keysOf } from './event-keys.ts'
import type { IndexAnswer, IndexAsk } from './index-ask.ts'
import { stampOf } from './journal-names.ts'
import type { Block } from './journal-part.ts'
import { filesSince, readLines } from './read-journal.ts'

export type KeptEventIndex = EventIndex & {
  /** Never blocks, never throws. */
  add(block: Block): void
  drop(oldest: string): void
  close(): Promise<void>
}

/** Words on their way to the thread, eight bytes each; beyond, files are read whole where they are asked for. */
const MAX_WAITING = 1_000_000

/** Words that are handed over together. In a flood that is every few seconds. */
const TOGETHER = 100_000
/** ms; nothing waits longer for others. What was not handed over when Cordon is killed is read from the journal at the next start. */
const TOGETHER_FOR = 60_000

/** To be opened before the journal begins a file: all files in the folder are old ones then. */
export async function openEventIndex(
  path: string,
  folder: string,
  { trouble }: Pick<StoreHearers, 'trouble'>,
): Promise<KeptEventIndex> {
  if (checkFile(path, ['file']).state === 'damaged')
    for (const tail of ['', '-wal', '-shm']) rmSync(`${path}${tail}`, { force: true })
  const worker = await startWorker<IndexAsk, IndexAnswer>({
    trouble,
    // Without it everything is found in the files: no reason to stop mail.
    broken: error => trouble(error, 'the event index is out of order'),
    file: new URL('./index-worker.ts', import.meta.url),
    start: () => ({ path, synchronous: 'NORMAL' }),
  })
  let waiting = 0
  let isFailing = false
  /** What could not be written is read from the files; it is told once for each time that it does not work. */
  const quietly = (ask: IndexAsk) =>
    worker.ask(ask).then(
      () => void (isFailing = false),
      error => {
        if (!isFailing) trouble(error, 'writing the event index')
        isFailing = true
      },
    )
  /** Pieces that are not handed over yet: what a reader asks for meanwhile is handed over first. */
  let gathered: Block[] = []
  let inGathered = 0
  let timer: NodeJS.Timeout | undefined
  const handOver = () => {
    clearTimeout(timer)
    timer = undefined
    if (gathered.length === 0) return
    const blocks = gathered
    gathered = []
    inGathered = 0
    void quietly({ add: blocks }).finally(() => {
      for (const { words } of blocks) waiting -= words.length
    })
  }
  void quietly({ catchUp: { folder, files: oldFiles(folder) } })
  return {
    add: block => {
      const { length } = block.words
      if (waiting + length > MAX_WAITING) return
      waiting += length
      gathered.push(block)
      inGathered += length
      if (inGathered >= TOGETHER) handOver()
      else timer ??= setTimeout(handOver, TOGETHER_FOR).unref()
    },
    drop: oldest => {
      handOver()
      void quietly({ drop: oldest })
    },
    find: async (about, { since, limit }) => {
      handOver()
      const oldest = stampOf(since)
      const known = await worker
        .ask({ find: about, oldest })
        .catch((): IndexAnswer => ({ places: [], files: [] }))
      return read(folder, about, { known, since, limit })
    },
    close: () => {
      handOver()
      return worker.close()
    },
  }
}

function oldFiles(folder: string): readonly string[] {
  try {
    return filesSince(folder, 0)
  } catch {
    return []
  }
}

type IndexQuestion = { readonly known: IndexAnswer; readonly since: number; readonly limit: number }

async function read(
  folder: string,
  about: EventKey,
  { known, since, limit }: IndexQuestion,
): Promise<EventsFound> {
  const events: Event[] = []
  const unreadable: string[] = []
  const containing = JSON.stringify(about.slice(about.indexOf(':') + 1)).slice(1, -1)
  const states = new Map(known.files.map(state => [state.name, state]))
  for (const name of filesSince(folder, since)) {
    const { until = 0, torn = false } = states.get(name) ?? {}
    const pieces = known.places
      .filter(({ file, from }) => file === name && from < until)
      .toSorted((a, b) => a.from - b.from)
      .map(({ from, to }) => ({ from, to }))
    const path = join(folder, name)
    try {
      // What is behind the index's end is read as well: it may only just have been written.
      const tail = statSync(path).size > until ? [{ from: until }] : []
      for (const piece of [...pieces, ...tail])
        for await (const event of readLines(path, { containing, ...piece })) {
          if (!keysOf(event).includes(about)) continue
          events.push(event)
          if (events.length === limit) return { events, truncated: true, unreadable }
        }
      if (torn) unreadable.push(name)
    } catch {
      unreadable.push(name)
    }
  }
  return { events, truncated: false, unreadable }
}
