import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directSpool } from '../../drivers/spool/spool-direct.ts'
import type { NewEvent } from '../../model/event.ts'
import { flushQueue } from './flush-queue.ts'
import { purgeEvidence } from './purge-evidence.ts'

const STAFF = { kind: 'staff', name: 'eve' } as const

/** A queue with one harmless and two telling messages of a login, all held, and one that waits for its next try. */
async function queue() {
  const spool = directSpool()
  const events: NewEvent[] = []
  const all = { harmless: 0.5, telling: 3, 'more telling': 5, waiting: 0 }
  for (const [message, nats] of Object.entries(all)) {
    const draft = spool.open()
    await draft.write(Buffer.from('x'))
    const state = message === 'waiting' ? 'queued' : 'held'
    await draft.commit({
      message,
      at: 0,
      sender: 'anna@isp.example',
      login: 'anna@isp.example',
      subscriber: '1',
      expires: 1000,
      headers: '',
      subject: '',
      nats,
      bounceable: true,
      recipients: [{ address: 'x@meadow.example', state, due: 500 }],
    })
  }
  const reporter = {
    note: (event: NewEvent) => void events.push(event),
    tellEpisodes: () => assert.fail('no case is released'),
    paying: () => assert.fail('no window is opened'),
    report: () => assert.fail('nothing is reported'),
  }
  const left = async () => (await spool.list({})).map(row => row.message)
  return { parts: { spool, reporter }, events, left, close: () => spool.close() }
}

test('a purge selects by evidence, never all of a customer', async () => {
  const { parts, events, left, close } = await queue()
  const of = { login: 'anna@isp.example' }
  const order = { kind: 'purge-evidence', of, minNats: 2 } as const
  assert.deepEqual(await purgeEvidence(parts, { order, actor: STAFF, at: 1 }), {
    done: true,
    text: '2 held messages deleted.',
  })
  assert.deepEqual((await left()).toSorted(), ['harmless', 'waiting'])
  assert.deepEqual(
    events.map(event => event.kind === 'held-settled' && event.outcome),
    ['purged', 'purged'],
  )
  await close()
})

test('without a number a purge deletes what a case holds, however little each says; and not what waits for a limit', async () => {
  const { parts, left, close } = await queue()
  for (const [message, why] of [
    ['harmless', 'evidence: case K7-2M9Q (login stopped by evidence)'],
    ['telling', 'over-limit: the limit of a mail account'],
    ['more telling', 'evidence'],
  ] as const)
    await parts.spool.change({ message }, { to: 'held', due: 500, why })
  const order = { kind: 'purge-evidence', of: { login: 'anna@isp.example' } } as const
  const { text } = await purgeEvidence(parts, { order, actor: STAFF, at: 1 })
  assert.equal(text, '2 held messages deleted.')
  assert.deepEqual((await left()).toSorted(), ['telling', 'waiting'])
  await close()
})

test('a flush touches nothing that is held', async () => {
  const { parts, close } = await queue()
  const order = { kind: 'flush-queue' } as const
  assert.match((await flushQueue(parts, { order, actor: STAFF, at: 1 })).text, /^1 recipient is/)
  await close()
})
