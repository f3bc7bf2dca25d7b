// What every index of events must do. Torn files, threads that cannot write, restarts: src/drivers/journal/event-index.test.ts.

import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openEventIndex } from '../../src/drivers/journal/event-index.ts'
import { openJournal } from '../../src/drivers/journal/journal-file.ts'
import { HOUR } from '../../src/model/duration.ts'
import type { EventOf } from '../../src/model/event.ts'
import { type EventIndex, isEventKey } from '../../src/ports/event-index.ts'
import { AT } from '../support/ledgers.ts'
import { folderOf, owned } from '../support/owned.ts'

const event = (seq: number, at: number): EventOf<'link-auth'> => ({
  kind: 'link-auth',
  id: `e${seq}`,
  seq,
  at,
  who: { realm: 'main', address: '203.0.113.7', subscriber: String(seq % 2), sure: 'certain' },
  session: 's',
  listener: 'submission',
  ok: true,
  network: '203.0.113.0/24',
})

/** Ten events, one an hour, on the disk. */
async function opened(t: TestContext): Promise<{ index: EventIndex; journal: string }> {
  const folder = folderOf(t)
  const journal = join(folder, 'journal')
  const hearers = { trouble: assert.fail }
  const index = await owned(t, openEventIndex(join(folder, 'index.db'), journal, hearers))
  const file = await owned(t, openJournal(journal, { index }))
  for (let n = 0; n < 10; n++) file.write(event(n, AT + n * HOUR))
  await file.close()
  return { index, journal }
}

test('in the order of the journal, of the hour asked for and later, and of nobody else', async t => {
  const { index } = await opened(t)
  const ids = async (since: number) => {
    const found = await index.find('line:1', { since, limit: 100 })
    assert.deepEqual([found.truncated, found.unreadable], [false, []])
    return found.events.map(({ id }) => id)
  }
  assert.deepEqual(await ids(AT), ['e1', 'e3', 'e5', 'e7', 'e9'])
  assert.deepEqual(await ids(AT + 5 * HOUR), ['e5', 'e7', 'e9'])
  assert.deepEqual((await index.find('line:x', { since: AT, limit: 9 })).events, [])
})

test('no more than were asked for, the oldest of them, and it is said', async t => {
  const { index } = await opened(t)
  const { events, truncated } = await index.find('line:1', { since: AT, limit: 2 })
  assert.deepEqual([events.map(({ id }) => id), truncated], [['e1', 'e3'], true])
})

test('without a journal it rejects: that is not the same as nothing found', async t => {
  const { index, journal } = await opened(t)
  rmSync(journal, { recursive: true })
  await assert.rejects(index.find('line:1', { since: AT, limit: 9 }))
})

test('what may be asked for', () => {
  for (const key of ['line:1', 'message-id:<x>', 'mail:a:b']) assert.ok(isEventKey(key), key)
  for (const key of ['line:', 'line', 'other:1', ' line:1', '']) assert.ok(!isEventKey(key), key)
})
