// The thread of the event index: puts down the words of what was written, so that no client waits for it while it is judged, and reads
// old files whose words are missing.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { serveCalls } from '../sqlite/serve-calls.ts'
import { keysOf } from './event-keys.ts'
import type { IndexAnswer, IndexAsk } from './index-ask.ts'
import { indexWord } from './index-entries.ts'
import { type IndexFile, openIndexFile, type WordsOfPiece } from './index-file.ts'
import type { Block } from './journal-part.ts'
import { readLines } from './read-journal.ts'

/** Words of an old file that are put down in one go. */
const WORDS = 200_000
const NOTHING: IndexAnswer = { places: [], files: [] }

/** Of what is asked at once, so much is put down in one transaction. */
const maxGroup = 32

serveCalls<IndexAsk, IndexAnswer>(
  ({ path }) => {
    const index = openIndexFile(path)
    let closed = false
    const answer = (ask: IndexAsk): IndexAnswer => {
      if ('find' in ask)
        return { places: index.places(ask.find, ask.oldest), files: index.states(ask.oldest) }
      if ('add' in ask) addBlocks(index, ask.add)
      else if ('drop' in ask) index.drop(ask.drop)
      else void catchUp(index, ask.catchUp, () => closed)
      return NOTHING
    }
    return {
      together: asks => index.together(() => asks.map(answer)),
      close: () => {
        closed = true
        index.close()
      },
    }
  },
  { maxGroup },
)

function addBlocks(index: IndexFile, blocks: readonly Block[]): void {
  const pieces: WordsOfPiece[] = []
  for (const { file, from, to, words } of blocks) {
    // A block that does not follow the last one has a hole before it: the rest is then read from the file when it is asked for.
    if (index.state(file).until !== from) continue
    pieces.push({ file, from, to, words })
    index.reach({ name: file, until: to, torn: false })
  }
  index.add(pieces)
}

async function catchUp(
  index: IndexFile,
  { folder, files }: { readonly folder: string; readonly files: readonly string[] },
  isClosed: () => boolean,
): Promise<void> {
  for (const name of files) {
    // Never in the turn in which it was asked for: there a transaction is open.
    await new Promise(resolve => setImmediate(resolve))
    if (isClosed()) return
    try {
      await readOld(index, { folder, name }, isClosed)
    } catch {
      // It is gone, or the disk is full: it stays out of the index, and is read whole when it is asked for.
    }
  }
}

/** The rest of a file is one piece: where reading may begin in it is not known any more. */
async function readOld(
  index: IndexFile,
  { folder, name }: { readonly folder: string; readonly name: string },
  isClosed: () => boolean,
): Promise<void> {
  const path = join(folder, name)
  const { until: from } = index.state(name)
  const to = statSync(path).size
  if (from >= to) return
  const words = new Set<number>()
  const put = () => {
    index.together(() => index.add([{ file: name, from, to, words: Float64Array.from(words) }]))
    words.clear()
  }
  let torn = false
  try {
    for await (const event of readLines(path, { from })) {
      if (isClosed()) return
      for (const key of keysOf(event)) words.add(indexWord(key))
      if (words.size >= WORDS) put()
    }
  } catch {
    torn = true
  }
  if (isClosed()) return
  put()
  index.reach({ name, until: to, torn })
}
