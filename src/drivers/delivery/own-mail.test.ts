// A report or a letter of ours that no mailbox takes is not given up: it waits, and the operator hears of it.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { delivering } from '../../../test/support/delivering.ts'
import { freePort } from '../../../test/support/free-port.ts'
import { sink } from '../../../test/support/smtp-sink.ts'
import { eventually } from '../../../test/support/serve.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import type { Mailbox } from '../../ports/recipients.ts'
import { ownRefusals } from './own-refusals.ts'

const ANNA = 'anna@isp.example'
const OWN: MessageFacts = {
  content: 'unseen',
  repeated: false,
  recipients: 1,
  firstTime: 0,
  exempt: true,
  own: true,
  subjects: [],
}
const report = { sender: '', bounceable: false, facts: OWN }

const isAlarm = (event: NewEvent) => event.kind === 'alarm-raised' && event.alarm === 'own-mail'
const failures = (events: readonly NewEvent[]) =>
  events.filter(event => event.kind === 'delivery-failed')

/** Anna's mailbox is where `find` says; days go by in seconds. */
const atHome = (find: () => Promise<Mailbox | undefined>, scale = 200_000) => {
  let folder = ''
  return delivering({
    scale,
    settings: {},
    recipients: { isLocal: domain => domain === 'isp.example', isOurs: () => true, find },
    trouble: () => undefined,
    furnish: at => {
      folder = at
    },
  }).then(delivery => ({ ...delivery, folder }))
}

test('a mailbox that cannot be written: a report waits beyond its time, and one alarm a day says so', async t => {
  const delivery = await atHome(async () => ({ kind: 'mailbox', name: ANNA }))
  t.after(delivery.end)
  // A file where the folder of the Maildirs should be.
  writeFileSync(join(delivery.folder, 'mailboxes'), '')
  await delivery.put([ANNA], { ...report, expires: Date.now() + DAY })
  await eventually(() => failures(delivery.events)[20])
  const [row] = await delivery.spool.list({})
  assert.equal(row?.state === 'queued' || row?.state === 'active', true)
  const alarms = delivery.events.filter(isAlarm)
  const [first, last] = [failures(delivery.events)[0], failures(delivery.events).at(-1)]
  const days = ((last?.at ?? 0) - (first?.at ?? 0)) / DAY
  assert.ok(alarms.length >= 2 && alarms.length <= days + 1, `${alarms.length} in ${days} days`)
  assert.ok(failures(delivery.events).every(event => 'permanent' in event && !event.permanent))
})

test('an ordinary message is given up in its time', async t => {
  const delivery = await atHome(async () => ({ kind: 'mailbox', name: ANNA }))
  t.after(delivery.end)
  writeFileSync(join(delivery.folder, 'mailboxes'), '')
  await delivery.put([ANNA], { expires: Date.now() + DAY })
  await eventually(async () => ((await delivery.spool.list({})).length === 0 ? true : undefined))
  assert.deepEqual(delivery.events.filter(isAlarm), [])
})

test('a mailbox that is not there yet is waited for until the time is up, then that is said', async t => {
  let mailbox: Mailbox | undefined
  const delivery = await atHome(async () => mailbox)
  t.after(delivery.end)
  // Days go by while a busy machine looks elsewhere.
  await delivery.put([ANNA], { ...report, expires: Date.now() + 100_000 * DAY })
  const alarm = await eventually(() => delivery.events.find(isAlarm))
  mailbox = { kind: 'mailbox', name: ANNA }
  await eventually(() => delivery.events.find(event => event.kind === 'delivery-done'))
  mailbox = undefined
  await delivery.put([ANNA], { ...report, expires: alarm.at + 3 * DAY })
  const given = await eventually(() =>
    failures(delivery.events).find(event => 'permanent' in event && event.permanent),
  )
  assert.ok(given.at >= alarm.at + 3 * DAY)
  assert.ok(delivery.events.filter(isAlarm).length >= 2)
})

test('an operator whose address is refused is named until a mail is taken, and no other address is', async t => {
  const port = await freePort()
  const refusing = await sink('127.0.0.1', port, '-f', 'rcpt')
  t.after(() => refusing.stop())
  const delivery = await delivering({
    settings: {
      routes: { '*': { host: '127.0.0.1', port, protocol: 'smtp', tls: 'opportunistic' } },
    },
  })
  t.after(delivery.end)
  await delivery.put(['customer@far.example'])
  await delivery.put(['noc@far.example'], report)
  const words = await eventually(() => delivery.refusedOwn('NOC@far.example'))
  assert.match(words, /^5\d\d /)
  await eventually(() => failures(delivery.events).length === 2 || undefined)
  assert.equal(delivery.refusedOwn('customer@far.example'), undefined)
  refusing.stop()
  const taking = await sink('127.0.0.1', port)
  t.after(() => taking.stop())
  await delivery.put(['noc@far.example'], report)
  await eventually(() => delivery.refusedOwn('noc@far.example') === undefined || undefined)
})

test('a refusal that is not repeated, because its mail was purged, is forgotten', () => {
  const known = ownRefusals()
  known.refused('noc@isp.example', '550 no', 0)
  assert.equal(known.of('noc@isp.example', 4 * HOUR), '550 no')
  assert.equal(known.of('noc@isp.example', 6 * HOUR), undefined)
})
