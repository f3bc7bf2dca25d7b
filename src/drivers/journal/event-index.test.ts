import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { constants, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import type { Event, EventOf } from '../../model/event.ts'
import { HOUR } from '../../model/duration.ts'
import type { EventKey } from '../../ports/event-index.ts'
import { keysOf } from './event-keys.ts'
import { openEventIndex } from './event-index.ts'
import { openIndexFile } from './index-file.ts'
import { openJournal } from './journal-file.ts'
import { readJournal } from './read-journal.ts'
import { folderOf, owned } from '../../../test/support/owned.ts'
import { eventually } from '../../../test/support/serve.ts'

const AT = Date.UTC(2026, 10, 21, 12, 30)
const hearers = { trouble: assert.fail }

function temporary(t: TestContext) {
  const root = folderOf(t)
  return { owner: t, path: join(root, 'event-index.db'), folder: join(root, 'journal') }
}

const event = (seq: number, at = AT): EventOf<'link-auth'> => ({
  kind: 'link-auth',
  id: `e${seq}`,
  seq,
  at,
  who: {
    realm: 'main',
    address: `203.0.113.${seq % 200}`,
    login: `user${seq % 17}@isp.example`,
    subscriber: String(seq % 13),
    sure: 'certain',
  },
  session: `${'long words '.repeat(20)}${seq}`,
  listener: 'submission',
  ok: true,
  network: '203.0.113.0/24',
})

type IndexFolder = ReturnType<typeof temporary>

/** One life of a server that writes these. */
async function write(
  { owner, path, folder }: IndexFolder,
  events: readonly Event[],
): Promise<void> {
  const index = await owned(owner, openEventIndex(path, folder, hearers))
  const journal = await owned(owner, openJournal(folder, { index }))
  for (const one of events) {
    journal.write(one)
    // Compressors have their turn.
    if (one.seq % 500 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await journal.close()
  await index.close()
}

async function ids(place: IndexFolder, about: EventKey, since = AT): Promise<readonly string[]> {
  const index = await owned(place.owner, openEventIndex(place.path, place.folder, hearers))
  const { events, unreadable } = await index.find(about, { since, limit: 100_000 })
  await index.close()
  return [...events.map(({ id }) => id), ...unreadable.map(name => `torn ${name}`)]
}

/** What reading everything would find. */
async function scanned(
  { folder }: IndexFolder,
  about: EventKey,
  since = AT,
): Promise<readonly string[]> {
  const found: string[] = []
  for await (const one of readJournal(folder, since))
    if (keysOf(one).includes(about)) found.push(one.id)
  return found
}

/** Waits until all that there is stands in the index. */
async function caughtUp(place: IndexFolder): Promise<void> {
  const index = await owned(place.owner, openEventIndex(place.path, place.folder, hearers))
  const file = openIndexFile(place.path)
  const isBehind = () =>
    readdirSync(place.folder).some(
      name => statSync(join(place.folder, name)).size > file.state(name).until,
    )
  while (isBehind()) await new Promise(resolve => setTimeout(resolve, 5))
  file.close()
  await index.close()
}

const ABOUT: readonly EventKey[] = [
  'line:3',
  'login:user5@isp.example',
  'address:203.0.113.77',
  'line:nobody',
]

test('what is found by the index is what reading everything finds', async t => {
  const place = temporary(t)
  const all = Array.from({ length: 3000 }, (_, i) => event(i, AT + (i > 2000 ? HOUR : 0)))
  await write(place, all)
  for (const about of ABOUT) assert.deepEqual(await ids(place, about), await scanned(place, about))
  assert.ok((await ids(place, 'line:3')).length > 200)
  const later = AT + HOUR
  assert.deepEqual(await ids(place, 'line:3', later), await scanned(place, 'line:3', later))
})

test('of many pieces only those are read that may have it', async t => {
  const place = temporary(t)
  const all = Array.from({ length: 3000 }, (_, i) => event(i))
  await write(place, [...all.slice(0, 2000), { ...event(9999), refusal: 'r1' } as Event])
  const file = openIndexFile(place.path)
  const [piece, ...others] = file.places('refusal:r1', '2026112112')
  const state = file.state('2026112112.jsonl.gz')
  file.close()
  assert.ok(piece)
  assert.deepEqual(others, [])
  assert.equal(state.until, statSync(join(place.folder, state.name)).size, 'all of it is indexed')
  assert.ok(piece.from > 0 && piece.to - piece.from < state.until / 4, JSON.stringify(piece))
})

test('an index that is missing, damaged or behind finds the same, and is made anew', async t => {
  const place = temporary(t)
  await write(
    place,
    Array.from({ length: 1000 }, (_, i) => event(i)),
  )
  const expected = await scanned(place, 'line:3')
  const faults = [
    () => rmSync(place.path),
    () => writeFileSync(place.path, 'no database at all'.repeat(2000)),
    () => truncateSync(place.path, 9000),
  ]
  for (const fault of faults) {
    fault()
    for (const tail of ['-wal', '-shm']) rmSync(`${place.path}${tail}`, { force: true })
    assert.deepEqual(await ids(place, 'line:3'), expected)
    await caughtUp(place)
    assert.deepEqual(await ids(place, 'line:3'), expected)
  }
})

test('that a file is torn is said, whether it is in the index or not', async t => {
  const place = temporary(t)
  mkdirSync(place.folder)
  const name = '2026112112.jsonl.gz'
  const text = [1, 2, 3].map(seq => `${JSON.stringify(event(seq * 13))}\n`).join('')
  const cut = gzipSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -8)
  writeFileSync(join(place.folder, name), Buffer.concat([cut, gzipSync(text)]))
  const before = await ids(place, 'line:0')
  assert.equal(before.at(-1), `torn ${name}`)
  await caughtUp(place)
  assert.deepEqual(await ids(place, 'line:0'), before)
  assert.deepEqual(await ids(place, 'line:nobody'), [`torn ${name}`], 'it may have been in there')
})

test('what is written is found before its piece is at its end', async t => {
  const place = temporary(t)
  const index = await owned(place.owner, openEventIndex(place.path, place.folder, hearers))
  const journal = await owned(place.owner, openJournal(place.folder, { index }))
  for (let i = 0; i < 300; i++) journal.write(event(i))
  const find = async () => (await index.find('line:3', { since: AT, limit: 1000 })).events.length
  const all = (await eventually(async () => ((await find()) === 23 ? 23 : undefined))) ?? 0
  assert.equal(all, 23)
})

test('a thread that cannot write tells it once, and everything is found in the files', async t => {
  const place = temporary(t)
  const told: unknown[] = []
  const index = await owned(
    place.owner,
    openEventIndex(place.path, place.folder, {
      trouble: error => void told.push(error),
    }),
  )
  const breaking = new DatabaseSync(place.path, { timeout: 10_000 })
  breaking.exec('DROP TABLE file')
  breaking.close()
  const journal = await owned(place.owner, openJournal(place.folder, { index }))
  for (let i = 0; i < 1000; i++) journal.write(event(i))
  await journal.close()
  const { events } = await index.find('line:3', { since: AT, limit: 1000 })
  assert.deepEqual(
    events.map(({ id }) => id),
    await scanned(place, 'line:3'),
  )
  assert.equal(told.length, 1)
  await index.close()
})

test('hours that are over go from the index with their files', async t => {
  const place = temporary(t)
  await write(place, [event(1)])
  await write(place, [event(2, AT + 8 * 24 * HOUR)])
  const file = openIndexFile(place.path)
  assert.deepEqual(
    file.states('0').map(({ name }) => name),
    ['2026112912.jsonl.gz'],
  )
  assert.equal(file.places('line:1', '0').length, 0)
  file.close()
})

test('a limit ends the reading, and it is said', async t => {
  const place = temporary(t)
  await write(
    place,
    Array.from({ length: 100 }, (_, i) => event(i * 13)),
  )
  const index = await owned(place.owner, openEventIndex(place.path, place.folder, hearers))
  const { events, truncated } = await index.find('line:0', { since: AT, limit: 3 })
  assert.deepEqual([events.map(({ seq }) => seq), truncated], [[0, 13, 26], true])
  await index.close()
})

test('any text may be the name of something', async t => {
  const place = temporary(t)
  const names = fc.sample(fc.string({ unit: 'binary', minLength: 1 }), 50)
  await write(
    place,
    names.map((login, seq) => ({ ...event(seq), who: { ...event(seq).who, login } })),
  )
  const index = await owned(place.owner, openEventIndex(place.path, place.folder, hearers))
  for (const name of names) {
    const about = `login:${name}` as const
    const { events } = await index.find(about, { since: AT, limit: 100 })
    assert.ok(events.length > 0, JSON.stringify(name))
  }
  await index.close()
})
