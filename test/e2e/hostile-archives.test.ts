// Archives that were made to hurt: each ends as names or as unreadable, the engine's thread goes on meanwhile, and the next message is
// listed. What stopped our own readers once (an ISO image in itself, a RAR of records) is among them. Nothing here looks at a clock.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ArchiveLister } from '../../src/drivers/archives/archive-lister.ts'
import type { AttachedArchive } from '../../src/model/attached-archive.ts'
import {
  bottomless,
  HOSTILE,
  tarsOfNumbers,
  xzOfMemory,
  zipOf,
} from '../support/hostile-archives.ts'
import { FOR, PATIENT } from '../support/listing.ts'

const fail = (error: unknown) => {
  throw error
}
const attached = (bytes: Buffer): [AttachedArchive] => [{ name: 'a.zip', bytes, cut: false }]
const HONEST = attached(zipOf([{ name: 'a.txt', data: Buffer.from('x') }]))
const LISTED = { names: ['a.txt'], within: ['a.zip'], encrypted: false }
/** Names that `size` bytes can hold, and nothing else is kept of them. */
const MAX_NAMES = 2000

const patient = new ArchiveLister(fail, PATIENT)
after(() => patient.close())

for (const [what, make] of Object.entries(HOSTILE))
  test(`${what} ends, and the next is listed`, async () => {
    const { names, encrypted, unlisted } = await patient.list(attached(make()), FOR)
    assert.ok(encrypted || unlisted !== undefined, `${names.length} names`)
    assert.ok(names.length <= MAX_NAMES)
    assert.deepEqual(await patient.list(HONEST, FOR), LISTED)
  })

test('sizes that no file has end a tar, and that is said', async () => {
  for (const tar of tarsOfNumbers()) {
    const { names, unlisted } = await patient.list(attached(tar), FOR)
    assert.equal(names[0], 'first.txt')
    assert.ok(unlisted?.archive)
  }
})

test('while a bottomless one is listed the thread that asked goes on; given up, the next is listed', async () => {
  const endless = attached(bottomless())
  const giveUp = new AbortController()
  let isOver = false
  const listing = patient.list(endless, { ...FOR, signal: giveUp.signal }).finally(() => {
    isOver = true
  })
  for (let turns = 0; turns < 1000; turns++) {
    await turn()
    assert.equal(isOver, false)
  }
  giveUp.abort()
  assert.equal((await listing).unlisted?.busy, 'given up')
  assert.deepEqual(await patient.list(HONEST, FOR), LISTED)
  // The thread works already: ended in the middle, again and again.
  for (let i = 0; i < 3; i++) {
    const again = new AbortController()
    const given = patient.list(endless, { ...FOR, signal: again.signal })
    const waits = patient.list(HONEST, FOR)
    await turn()
    again.abort()
    assert.equal((await given).unlisted?.busy, 'given up')
    assert.deepEqual(await waits, LISTED)
  }
})

test('the limit of time ends it, and what was found until then counts', async () => {
  const strict = new ArchiveLister(fail, { ...PATIENT, time: 4000 })
  const { names, unlisted } = await strict.list(attached(bottomless()), FOR)
  await strict.close()
  assert.deepEqual([names, unlisted?.archive], [['first.exe'], 'not listed within 4000 ms'])
})

test('what waits has a bound, in number, bytes and time; beyond it nobody has the time, at once', async () => {
  const [endless, small] = [attached(bottomless()), { ...PATIENT, waiting: 1, patience: 300 }]
  const narrow = new ArchiveLister(fail, small)
  // Until the thread has begun.
  while ((await narrow.list(HONEST, FOR)).unlisted !== undefined);
  const first = narrow.list(endless, FOR)
  const second = narrow.list(HONEST, FOR)
  assert.match((await narrow.list(HONEST, FOR)).unlisted?.busy ?? '', /too many/)
  assert.match((await second).unlisted?.busy ?? '', /turn/)
  await narrow.close()
  assert.equal((await first).unlisted?.busy, 'closing')
  assert.ok((await narrow.list(HONEST, FOR)).unlisted?.busy)
  const light = new ArchiveLister(fail, { ...PATIENT, bytes: 100 })
  assert.match(
    (await light.list(attached(Buffer.alloc(101)), FOR)).unlisted?.busy ?? '',
    /too many/,
  )
  await light.close()
})

test('one that would take more memory than there is ends alone', async () => {
  const { names, unlisted } = await patient.list([...attached(xzOfMemory()), ...HONEST], FOR)
  assert.deepEqual(names, ['a.txt'])
  assert.match(unlisted?.archive ?? '', /memory/)
})

test('what took all of its time is known the next time, and nobody waits for it again', async () => {
  const strict = new ArchiveLister(fail, { ...PATIENT, time: 4000 })
  const bomb = attached(bottomless())
  const first = await strict.list(bomb, FOR)
  assert.equal(first.unlisted?.busy, undefined)
  // The thread has something else to do for a long time, and nobody's turn comes.
  const other = strict.list([...bomb, ...bomb], FOR)
  assert.deepEqual(await strict.list(bomb, FOR), first)
  await strict.close()
  assert.ok((await other).unlisted?.busy)
})

test('what takes long ends sooner while others wait, and that is not its fault', async () => {
  const strict = new ArchiveLister(fail, { ...PATIENT, timeInCompany: 10 })
  const bomb = strict.list(attached(bottomless()), { turn: { lane: 'rest', from: 'net 1' } })
  const honest = strict.list(HONEST, { turn: { lane: 'rest', from: 'net 2' } })
  assert.deepEqual(await honest, LISTED)
  assert.ok((await bomb).unlisted?.busy)
  await strict.close()
})
