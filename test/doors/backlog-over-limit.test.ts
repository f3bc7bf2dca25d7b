// Mail that was held over a limit, in our own queue and in another server's: it goes in the order in which it came, as much within an hour
// as the limit lets anybody send, and none of it while a case holds mail of its sender.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldElsewhere } from '../../src/engine/intake/elsewhere/held-elsewhere.ts'
import type { HeldRecord } from '../../src/engine/intake/elsewhere/held-record.ts'
import { MAX_HOLD } from '../../src/model/decision.ts'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import { NO_PARAMETERS } from '../../src/model/esmtp-parameters.ts'
import { memoryRecords } from '../support/memory-records.ts'
import { atEnd, type Owner } from '../support/owned.ts'
import { shipped } from '../support/shipped.ts'
import { NOW, smallCordon } from '../support/small-cordon.ts'
import { message, put, recipient } from '../support/spooled.ts'

const LOGIN = 'anna@isp.example'
const A_HOUR = 2
const WRITTEN = 7
const ID = (i: number) => `4cXKCk1bC5z${i}`

/** Letters handed in a second apart; those over the limit are held. */
async function backlog(t: Owner, where: 'own queue' | 'beside') {
  const went: string[] = []
  const elsewhere = heldElsewhere({
    records: memoryRecords<HeldRecord>(),
    queue: {
      list: async () => new Set(),
      release: async ids => {
        went.push(...ids)
        return new Set(ids)
      },
      remove: async ids => new Set(ids),
    },
    now: () => NOW,
    passed: () => 0,
  })
  const limits = {
    ...shipped.policy.limits,
    consumer: {
      messagesPerHour: A_HOUR,
      recipientsPerHour: 100,
      recipientsPerDay: 100,
      firstTimePerDay: 100,
    },
  }
  const cordon = await smallCordon(undefined, { limits }, {}, { elsewhere })
  atEnd(t, async () => {
    await cordon.engine.idle()
    await cordon.close()
  })
  await elsewhere.look(NOW)
  for (let i = 0; i < WRITTEN; i++) {
    const draft = await cordon.engine.open({
      session: `m${i}`,
      listener: 'submission',
      at: NOW + i * 1000,
      client: { realm: 'main', address: '198.51.100.9', port: 1 },
      tls: true,
      login: LOGIN,
      helo: 'x',
      sender: LOGIN,
      recipients: ['bert@isp.example'],
      extended: true,
      esmtp: NO_PARAMETERS,
      ...(where === 'beside' ? { elsewhere: true as const, keptAs: ID(i) } : {}),
    })
    await draft.write(Buffer.from(`From: ${LOGIN}\r\nSubject: ${ID(i)}\r\n\r\nhello\r\n`))
    await draft.finish()
  }
  const held = async () => {
    const rows =
      where === 'beside'
        ? await elsewhere.list({})
        : await cordon.spool.list({ state: 'held', login: LOGIN })
    return rows.map(row => row.subject).toSorted()
  }
  /** A message of hers that a case holds and that waits for a word; no decision is in force any more. */
  const oneThatWaits = async () => {
    const common = { at: NOW, sender: LOGIN, login: LOGIN, subscriber: 'anna', nats: 5 }
    const waits = { ...common, subject: WAITS, expires: NOW + 2 * MAX_HOLD }
    const row = { due: NOW + MAX_HOLD, why: 'evidence: case K7-2M9Q (mail held by evidence)' }
    const to = 'victim@elsewhere.example'
    if (where === 'beside')
      await elsewhere.keep({ ...waits, ...row, id: ID(9), message: WAITS, recipient: to })
    else
      await put(
        cordon.spool,
        message(WAITS, [recipient(to, { ...row, state: 'held' })], waits),
        Buffer.from('\r\nhello\r\n'),
      )
  }
  return { cordon, held, oneThatWaits, look: (at: number) => cordon.engine.chores.secondLook(at) }
}
const WAITS = 'waits for a word'

for (const where of ['own queue', 'beside'] as const) {
  test(`${where}: a backlog goes as fast as the limit, in its order, and to its end`, async t => {
    const { held, look } = await backlog(t, where)
    const all = Array.from({ length: WRITTEN }, (_, i) => ID(i))
    const left = [await held()]
    assert.deepEqual(left[0], all.slice(A_HOUR))
    /** How many were gone at each minute. */
    const gone = [A_HOUR]
    for (let minute = 1; (left.at(-1) ?? []).length > 0; minute++) {
      assert.ok(minute < 8 * 60, 'never over')
      await look(NOW + minute * MINUTE)
      const now = await held()
      // What is left is what came last.
      assert.deepEqual(now, all.slice(WRITTEN - now.length))
      left.push(now)
      gone.push(WRITTEN - now.length)
    }
    for (const [minute, count] of gone.entries()) {
      const before = gone[minute - HOUR / MINUTE] ?? 0
      assert.ok(count - before <= A_HOUR, `${count - before} within an hour, at minute ${minute}`)
    }
  })

  test(`${where}: while mail of a case waits for a word nothing of it goes, though no decision is in force`, async t => {
    const { cordon, held, oneThatWaits, look } = await backlog(t, where)
    const waiting = await held()
    await oneThatWaits()
    for (const hours of [1, 2, 5]) await look(NOW + hours * HOUR)
    assert.deepEqual(await held(), [...waiting, WAITS].toSorted())
    const order = { kind: 'purge-message', message: WAITS } as const
    await cordon.engine.command({
      order,
      actor: { kind: 'staff', name: 'eva' },
      at: NOW + 5 * HOUR,
    })
    await look(NOW + 6 * HOUR)
    assert.deepEqual(await held(), waiting.slice(A_HOUR))
  })

  test(`${where}: while a case holds mail of the sender nothing of it goes; after three days the sender is told`, async t => {
    const { cordon, held, look } = await backlog(t, where)
    const waiting = (await held()).length
    const order = {
      kind: 'impose',
      subject: `login:${LOGIN}`,
      decision: 'stop-login',
      hours: 24 * 5,
      why: 'a test',
    } as const
    const actor = { kind: 'staff', name: 'eva' } as const
    await cordon.engine.command({ order, actor, at: NOW + MINUTE })
    await look(NOW + 2 * HOUR)
    assert.equal((await held()).length, waiting)
    await look(NOW + MAX_HOLD + MINUTE)
    assert.equal((await held()).length, 0)
    const letters = await cordon.spool.list({ state: 'queued' })
    const told = letters.filter(({ sender, recipient }) => sender === '' && recipient === LOGIN)
    assert.equal(told.length, waiting)
  })
}
