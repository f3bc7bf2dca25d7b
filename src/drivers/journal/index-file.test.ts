import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import * as fc from 'fast-check'
import { folderOf } from '../../../test/support/owned.ts'
import { indexWord } from './index-entries.ts'
import { type IndexFile, type JournalPiece, openIndexFile } from './index-file.ts'

const HOURS = ['2026112112', '2026112113', '2026112114'] as const
const WORDS = Array.from({ length: 40 }, (_, i) => `login:user${i}@isp.example`)

type IndexedPiece = JournalPiece & { readonly words: readonly string[] }

function opened(t: TestContext): { readonly file: IndexFile; readonly path: string } {
  const path = join(folderOf(t), 'event-index.db')
  const file = openIndexFile(path)
  t.after(() => file.close())
  return { file, path }
}

const add = (file: IndexFile, pieces: readonly IndexedPiece[]) =>
  file.together(() =>
    file.add(pieces.map(piece => ({ ...piece, words: Float64Array.from(piece.words, indexWord) }))),
  )

const numberOf = (path: string, what: string): number => {
  const database = new DatabaseSync(path)
  try {
    return Number(database.prepare(`SELECT count(*) AS n FROM ${what}`).get()?.['n'])
  } finally {
    database.close()
  }
}

/** Pieces of three hours that follow one another, put down in groups, with hours that end between them. */
const histories = fc.array(
  fc.record({
    isHourOver: fc.boolean(),
    pieces: fc.array(
      fc.record({
        hour: fc.constantFrom(...HOURS),
        words: fc.array(fc.constantFrom(...WORDS), { maxLength: 20 }),
      }),
      { maxLength: 8 },
    ),
  }),
  { maxLength: 8 },
)

test('whatever is put down, in whatever groups, is found where a list of all of it has it', t => {
  fc.assert(
    fc.property(histories, history => {
      const { file } = opened(t)
      const all: IndexedPiece[] = []
      for (const { isHourOver, pieces } of history) {
        const group = pieces.map(({ hour, words }): IndexedPiece => {
          const from = all.length * 10
          const piece = { file: `${hour}.jsonl.gz`, from, to: from + 10, words }
          all.push(piece)
          return piece
        })
        add(file, group)
        if (isHourOver) file.together(() => file.drop(HOURS[0]))
      }
      for (const word of WORDS)
        for (const oldest of HOURS)
          assert.deepEqual(
            file.places(word, oldest).toSorted((a, b) => a.from - b.from),
            all
              .filter(piece => piece.words.includes(word) && piece.file.slice(0, 10) >= oldest)
              .map(({ words: _words, ...piece }) => piece),
          )
    }),
    { numRuns: 40 },
  )
})

test('a word in more pieces than one part of a run has entries is found in all of them', t => {
  const { file } = opened(t)
  const pieces = Array.from({ length: 5000 }, (_, i) => ({
    file: '2026112112.jsonl.gz',
    from: i,
    to: i + 1,
    words: ['line:3', `line:${i + 4}`],
  }))
  add(file, pieces)
  assert.equal(file.places('line:3', '0').length, 5000)
  assert.deepEqual(
    file.places('line:4003', '0').map(({ from }) => from),
    [3999],
  )
})

test('an hour that is over has one run, and one that is dropped nothing', t => {
  const { file, path } = opened(t)
  for (let i = 0; i < 50; i++)
    add(
      file,
      HOURS.map(hour => ({ file: `${hour}.jsonl.gz`, from: i, to: i + 1, words: ['line:3'] })),
    )
  assert.equal(numberOf(path, 'run'), 150)
  file.together(() => file.drop(HOURS[0]))
  assert.equal(numberOf(path, 'run'), 52, 'the last hour still grows')
  assert.equal(file.places('line:3', '0').length, 150)
  file.together(() => file.drop('2026112115'))
  for (const table of ['run', 'part', 'piece', 'file']) assert.equal(numberOf(path, table), 0)
})

test('a part that is cut is an error, not a smaller answer', t => {
  const { file, path } = opened(t)
  add(file, [{ file: '2026112112.jsonl.gz', from: 0, to: 1, words: WORDS }])
  const database = new DatabaseSync(path)
  database.exec('UPDATE part SET entries = substr(entries, 1, 13)')
  database.close()
  assert.throws(() => file.places('line:3', '0'), RangeError)
})
