import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import type { Event } from '../../model/event.ts'
import { indexWord } from './index-entries.ts'
import { openJournal } from './journal-file.ts'
import { readJournal } from './read-journal.ts'

const AT = Date.UTC(2026, 10, 21, 12, 30)

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-journal-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'journal')
}

const event = (seq: number, at = AT): Event => ({
  kind: 'alarm-raised',
  alarm: 'large-sender',
  about: 'meadow.example',
  words: 'x',
  id: `e${seq}`,
  seq,
  at,
})

/** Ids of what can be read, and the files that cannot be read to their end. */
async function contents(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  const unreadable = (file: string) => found.push(`torn ${file.slice(folder.length + 1)}`)
  for await (const one of readJournal(folder, 0, { unreadable }))
    found.push(one.kind === 'journal-gap' ? `gap of ${one.lost}` : one.id)
  return found
}

test('every start begins a file of its own, and all are read in the order they were written', async t => {
  const folder = temporary(t)
  for (const seq of [1, 2, 3]) {
    const journal = openJournal(folder)
    journal.write(event(seq))
    await journal.close()
  }
  const late = openJournal(folder)
  late.write(event(4, AT + 3_600_000))
  await late.close()
  assert.deepEqual(readdirSync(folder), [
    '2026112112-001.jsonl.gz',
    '2026112112-002.jsonl.gz',
    '2026112112.jsonl.gz',
    '2026112113.jsonl.gz',
  ])
  assert.deepEqual(await contents(folder), ['e1', 'e2', 'e3', 'e4'])
})

test('a folder that is gone for a while: what came meanwhile is counted, and then it goes on', async t => {
  const folder = temporary(t)
  const told: string[] = []
  const clock = { now: 0 }
  const journal = openJournal(folder, {
    now: () => clock.now,
    trouble: (_error, about) => told.push(about),
  })
  rmSync(folder, { recursive: true })
  for (let seq = 1; seq <= 3; seq++) journal.write(event(seq))
  assert.deepEqual(told, ['writing the journal'], 'said once')
  const again = openJournal(folder)
  await again.close()
  // Not before its time: a disk that takes nothing is not asked for every event.
  journal.write(event(4))
  clock.now += 1000
  journal.write(event(5))
  await journal.close()
  assert.deepEqual(await contents(folder), ['e5', 'gap of 4'])
})

test('a file that is torn keeps no reader from the others, and is named', async t => {
  const folder = temporary(t)
  const journal = openJournal(folder)
  journal.write(event(1))
  await journal.close()
  const line = (seq: number) => `${JSON.stringify(event(seq))}\n`
  const cut = gzipSync(line(2), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -8)
  // As an earlier Cordon left it: killed, started again within the hour, and then written behind the torn end.
  writeFileSync(join(folder, '2026112113.jsonl.gz'), Buffer.concat([cut, gzipSync(line(3))]))
  writeFileSync(join(folder, '2026112114.jsonl.gz'), gzipSync(line(4)))
  symlinkSync('/nowhere', join(folder, '2026112115.jsonl.gz'))
  const found = await contents(folder)
  assert.ok(found.includes('e1') && found.includes('e4'), found.join())
  assert.ok(found.includes('torn 2026112113.jsonl.gz'), found.join())
  assert.ok(found.includes('torn 2026112115.jsonl.gz'), found.join())
})

test('what was flushed before a kill can be read', async t => {
  const folder = temporary(t)
  await openJournal(folder).close()
  const text = `${JSON.stringify(event(1))}\n`
  const whole = gzipSync(text)
  const head = whole.subarray(0, 10)
  const flushed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH })
  writeFileSync(join(folder, '2026112113.jsonl.gz'), Buffer.concat([head, flushed]))
  assert.deepEqual(await contents(folder), ['e1'])
})

test('what comes while it is closed is written and told to the index before it is; what comes later begins no file', async t => {
  const folder = temporary(t)
  const told: string[] = []
  let isIndexOpen = true
  const index = {
    add: ({ words }: { readonly words: Float64Array }) =>
      told.push(`${isIndexOpen} ${words.includes(indexWord('login:two@isp.example'))}`),
    drop: () => told.push(`${isIndexOpen} drop`),
  }
  const journal = openJournal(folder, { index })
  journal.write(event(1))
  const closed = journal.close()
  journal.write({ ...event(2), subject: 'login:two@isp.example' } as Event)
  await closed
  isIndexOpen = false
  journal.write(event(3))
  assert.deepEqual(await contents(folder), ['e1', 'e2'])
  assert.deepEqual(told.toSorted(), ['true drop', 'true drop', 'true false', 'true true'])
  assert.equal(readdirSync(folder).length, 2)
})
