// What local programs hand in by `sendmail` on the mail server, as the milter is told of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import type { Transaction } from '../../src/model/step.ts'
import { beside, LOGIN, WIDE } from '../support/beside-a-server.ts'
import { NOW } from '../support/small-cordon.ts'

/** As the milter tells of what Postfix's pickup took. */
const pickup = (sender: string): Partial<Transaction> => {
  const client = { realm: 'nowhere', address: '127.0.0.1', port: 0 }
  return { sender, client, local: true, listener: 'inbound', login: undefined as never }
}

test('what local programs hand in is one sender with limits, and the operator is told', async t => {
  const one = await beside(t, { limits: { ...WIDE, messagesPerHour: 4 } })
  const said: string[] = []
  // Another sender each time: a script writes what it likes there.
  for (let i = 0; i < 8; i++) said.push((await one.milter(i, pickup(`u${i}@mx.example.org`))).kind)
  assert.deepEqual(said, [...Array(4).fill('accept'), ...Array(4).fill('hold')])
  await one.cordon.engine.idle()
  const alarms = one.events('alarm-raised').map(event => 'alarm' in event && event.alarm)
  assert.deepEqual(alarms, ['local-mail'])
  assert.match((await one.rows())[0]?.why ?? '', /the limit of local programs is 4 messages/)
  // As many as there is room for, whatever senders they name.
  await one.cordon.engine.chores.secondLook(NOW + HOUR)
  await one.cordon.engine.chores.secondLook(NOW + HOUR + MINUTE)
  assert.equal(one.orders.length, 4)
})

test('a program that writes as a customer brings no evidence against that customer', async t => {
  const one = await beside(t, { limits: WIDE })
  for (let i = 0; i < 20; i++) {
    await one.milter(i, { ...pickup(LOGIN), recipients: [`victim${i}@x.example`] })
    await one.cordon.engine.idle()
  }
  assert.equal(one.cordon.ledger.cases.open(`login:${LOGIN}`), undefined)
})
