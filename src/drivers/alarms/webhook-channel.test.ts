import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { alarmReceiver } from '../../../test/support/alarm-receiver.ts'
import type { AlarmBatch } from '../../model/alarm.ts'
import { webhookChannel } from './webhook-channel.ts'

const AT = Date.UTC(2026, 0, 5)
const SECRET = 'a secret of sixteen'
const BATCH: AlarmBatch = { id: 'webhook noc.1', at: AT, alarms: [], counts: { fuse: 1 } }
const going = new AbortController().signal

/** 6to4, Teredo, IPv4-compatible, and NAT64; and old private addresses. */
const STANDING_FOR_IPV4 = [
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[fec0::1]',
]

const channel = (url: string, privateAddresses = true) =>
  webhookChannel({ name: 'noc', url, secret: SECRET, privateAddresses }, () => AT, 300)

test('body and time are signed, and 2xx is taken', async t => {
  const receiver = await alarmReceiver(t)
  await channel(`http://127.0.0.1:${receiver.port}/alarms`).tell(BATCH, going)
  const [posted] = receiver.posted
  assert.equal(posted?.id, BATCH.id)
  const wanted = createHmac('sha256', SECRET)
    .update(`${AT / 1000}.${posted?.body}`)
    .digest('hex')
  assert.equal(posted?.signature, `t=${AT / 1000},v1=${wanted}`)
})

test('a webhook of any name is told: what no header takes is in its id as in an URL', async t => {
  const receiver = await alarmReceiver(t)
  for (const [name, wanted] of [
    ['监控', '%E7%9B%91%E6%8E%A7'],
    ['a\t%\ud800', 'a%09%25%EF%BF%BD'],
    ['bereitschaft süd', 'bereitschaft s%C3%BCd'],
  ]) {
    await channel(`http://127.0.0.1:${receiver.port}/`).tell(
      { ...BATCH, id: `webhook ${name}.1` },
      going,
    )
    assert.equal(receiver.posted.at(-1)?.key, `webhook ${wanted}.1`)
  }
})

test('a redirect is a failure and is not followed; so are an error, silence, and nobody there', async t => {
  const receiver = await alarmReceiver(t)
  const noc = channel(`http://127.0.0.1:${receiver.port}/alarms`)
  for (const status of [302, 307, 500]) {
    receiver.answers(status)
    await assert.rejects(noc.tell(BATCH, going), new RegExp(`answers ${status}`))
  }
  assert.equal(receiver.posted.length, 3)
  receiver.answers('nothing')
  await assert.rejects(noc.tell(BATCH, going), /did not answer in 300 ms/)
  await receiver.goesAway()
  await assert.rejects(noc.tell(BATCH, going), /ECONNREFUSED/)
})

test('a private address is not spoken to, by number or by name, unless the operator says so', async t => {
  const receiver = await alarmReceiver(t)
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])
    await assert.rejects(
      channel(`http://${host}:${receiver.port}/`, false).tell(BATCH, going),
      /leads to the private address/,
      host,
    )
  const inside = [
    '10.1.2.3',
    '192.168.0.1',
    '172.31.9.9',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
  ]
  for (const host of [
    ...inside,
    '[fd00::1]',
    '[fe80::1]',
    '[::1]',
    '[::]',
    '[::ffff:a00:1]',
    ...STANDING_FOR_IPV4,
  ])
    await assert.rejects(
      channel(`https://${host}/`, false).tell(BATCH, going),
      /leads to the private address/,
      host,
    )
  assert.equal(receiver.posted.length, 0)
  await channel(`http://localhost:${receiver.port}/`).tell(BATCH, going)
  assert.equal(receiver.posted.length, 1)
})

test('it ends soon when Cordon stops', async t => {
  const receiver = await alarmReceiver(t)
  receiver.answers('nothing')
  const url = `http://127.0.0.1:${receiver.port}/`
  const slow = webhookChannel(
    { name: 'noc', url, secret: SECRET, privateAddresses: true },
    () => AT,
    60_000,
  )
  const stopping = new AbortController()
  const told = slow.tell(BATCH, stopping.signal)
  stopping.abort()
  await assert.rejects(told)
})
