// What every spool must do with mail that waits for the window of its sender.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WindowBucket } from '../../src/model/episode.ts'
import type { Subject } from '../../src/model/evidence.ts'
import type { MessageFacts } from '../../src/model/message-facts.ts'
import type { Spool } from '../../src/ports/spool.ts'
import { AT, message, put, recipient } from '../support/spooled.ts'
import { SPOOLS } from '../support/spools.ts'

for (const [name, open] of Object.entries(SPOOLS)) {
  const using = (what: string, body: (spool: Spool) => Promise<void>) =>
    test(`${name}: ${what}`, async t => {
      await body(await open(t))
    })

  const paced = (payer: Subject, bucket: WindowBucket) =>
    ({ state: 'paced', due: AT + 100, why: 'paced', window: { payer, bucket } }) as const

  using('what is paced is not delivered until it is let go, part by part', async spool => {
    const known = recipient('k@b.example', paced('line:1', 'known'))
    const strangers = ['x@b.example', 'y@b.example'].map(to =>
      recipient(to, paced('line:1', 'new')),
    )
    await put(spool, message('one', [known, ...strangers]), Buffer.from('x'))
    assert.deepEqual(await spool.claim(AT + 1000, 10, 1000), [])
    assert.equal(await spool.flush(AT), 0)
    assert.equal(await spool.nextDue(0), undefined)
    const lent = async () =>
      (await spool.claim(AT + 1000, 10, 1000)).flatMap(one =>
        one.recipients.map(({ address }) => address),
      )
    const first = { message: 'one', state: 'paced', bucket: 'known' } as const
    assert.equal((await spool.change(first, { to: 'queued', due: AT })).length, 1)
    assert.deepEqual(await lent(), ['k@b.example'])
    const rows = await spool.list({ state: ['held', 'paced'] })
    assert.deepEqual(
      rows.map(row => [row.recipient, row.state, row.bucket, row.why]),
      [
        ['x@b.example', 'paced', 'new', 'paced'],
        ['y@b.example', 'paced', 'new', 'paced'],
      ],
    )
    await spool.change({ message: 'one', state: 'paced' }, { to: 'queued', due: AT })
    assert.deepEqual((await lent()).toSorted(), ['x@b.example', 'y@b.example'])
    assert.deepEqual(await spool.payers(), [])
  })

  using(
    'of one message as many recipients as are asked for are let go, the first ones',
    async spool => {
      const all = Array.from({ length: 5 }, (_, i) =>
        recipient(`${9 - i}@b.example`, paced('line:1', 'new')),
      )
      await put(spool, message('one', all), Buffer.from('x'))
      const mine = { message: 'one', state: 'paced', bucket: 'new' } as const
      const moved = await spool.change({ ...mine, first: 2 }, { to: 'queued', due: AT })
      assert.deepEqual(moved.map(row => row.recipient).toSorted(), ['8@b.example', '9@b.example'])
      const [part] = await spool.paced('line:1', 9)
      assert.deepEqual(
        [part?.recipients, part?.recipientsWaiting, part?.messagesWaiting],
        [3, 3, 1],
      )
      const lent = await spool.claim(AT, 10, 1000)
      assert.equal(lent.flatMap(({ recipients }) => recipients).length, 2)
      await spool.settle(
        lent.flatMap(({ recipients }) =>
          recipients.map(({ id }) => ({ recipient: id, outcome: 'done' })),
        ),
      )
      assert.equal((await spool.change({ ...mine, first: 9 }, { to: 'queued', due: AT })).length, 3)
      assert.deepEqual(await spool.change({ ...mine, first: 9 }, { to: 'queued', due: AT }), [])
    },
  )

  using(
    'what is paced of one sender is found as it came, with what waits in front',
    async spool => {
      const many = (n: number, payer: Subject, bucket: WindowBucket) =>
        Array.from({ length: n }, (_, i) =>
          recipient(`${bucket}${i}@b.example`, paced(payer, bucket)),
        )
      const facts = { content: 'clean' } as MessageFacts
      await put(spool, message('second', many(3, 'line:1', 'new'), { at: AT + 2, facts }))
      await put(
        spool,
        message('first', [...many(2, 'line:1', 'new'), ...many(1, 'line:1', 'known')], {
          at: AT + 1,
        }),
      )
      await put(spool, message('third', many(1, 'line:1', 'new'), { at: AT + 3 }))
      await put(spool, message('other', many(4, 'login:a@isp.example', 'new')))
      assert.deepEqual(await spool.payers(), ['line:1', 'login:a@isp.example'])
      const found = (await spool.paced('line:1', 2)).map(one => [
        `${one.message} ${one.bucket}`,
        one.recipients,
        one.recipientsBefore,
        one.recipientsWaiting,
        one.messagesWaiting,
      ])
      assert.deepEqual(
        found.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
        [
          ['first known', 1, 0, 1, 1],
          ['first new', 2, 0, 6, 3],
          ['second new', 3, 2, 6, 3],
        ],
      )
      const [, second] = (await spool.paced('line:1', 2)).filter(({ bucket }) => bucket === 'new')
      assert.deepEqual(second?.facts, facts)
      assert.equal(second?.due, AT + 100)
    },
  )

  using(
    'what a case holds of paced mail is paced again, and what a person sends goes',
    async spool => {
      const rows = () => [
        recipient('k@b.example'),
        recipient('x@b.example', paced('line:1', 'new')),
      ]
      await put(spool, message('held', rows()))
      await put(spool, message('sent', rows()))
      await spool.change(
        { state: ['queued', 'paced'] },
        { to: 'held', due: AT + 50, why: 'evidence' },
      )
      assert.equal((await spool.list({ state: 'held' })).length, 4)
      assert.deepEqual(await spool.payers(), [])
      const back = { to: 'queued', due: AT, byWindow: true } as const
      await spool.change({ message: 'held', state: 'held' }, back)
      await spool.change({ message: 'sent', state: 'held' }, { to: 'queued', due: AT })
      const states = (await spool.list({})).map(
        row => `${row.message} ${row.recipient} ${row.state}`,
      )
      assert.deepEqual(states.toSorted(), [
        'held k@b.example queued',
        'held x@b.example paced',
        'sent k@b.example queued',
        'sent x@b.example queued',
      ])
      assert.deepEqual(await spool.payers(), ['line:1'])
      const moved = { to: 'paced', due: AT + 900 } as const
      await spool.change({ message: 'held', state: 'paced' }, moved)
      const [part] = await spool.paced('line:1', 9)
      assert.deepEqual([part?.message, part?.due], ['held', AT + 900])
    },
  )
}
