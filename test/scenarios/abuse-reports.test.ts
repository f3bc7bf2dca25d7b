// Other networks are told of their machines: which, when, how often, and nothing that a sender chose, for it may say to whom it wrote. The
// reports are read by Python's email and json, and by what reads reports that come in.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keysOf } from '../../src/drivers/journal/event-keys.ts'
import { readFeedback } from '../../src/mail/feedback/read-feedback.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { memoryRecords } from '../support/memory-records.ts'
import type { Sighting } from '../../src/model/sighting.ts'
import { BOT, CONTACT, others, readReport, START, TRAP } from '../support/abuse-world.ts'

test('staff see what is gathered, when it goes, and who was told when', async () => {
  const world = await others()
  const reporting = () => world.cordon.engine.abuseReporting?.()
  await world.send({ to: TRAP })
  await world.send({ text: 'pills', from: '198.51.100.8' })
  await world.cordon.engine.chores.abuseReports()
  const gathered = reporting()
  assert.deepEqual(
    gathered?.gathered.map(({ machine, seen, due, notYet }) => [machine, seen, due, notYet]),
    [
      [BOT, { trap: 1 }, START + HOUR, undefined],
      ['198.51.100.8', { spam: 1 }, undefined, 'few'],
    ],
  )
  assert.deepEqual(gathered?.told, [])
  assert.equal((await world.reports()).length, 1)
  const after = reporting()
  assert.deepEqual(
    after?.gathered.map(({ machine }) => machine),
    ['198.51.100.8'],
  )
  assert.deepEqual(
    after?.told.map(({ contact, number }) => [contact, number]),
    [[CONTACT, 1]],
  )
})

test('what a bot sent to a trap: one report, which says neither the trap nor anything made for it', async () => {
  const world = await others()
  const helo = 'old.employee.isp.example.bulk.example'
  world.wait(7 * MINUTE)
  for (let i = 0; i < 3; i++)
    await world.send({ to: TRAP, sender: `track-${i}@old.employee.bulk.example`, helo })
  await world.send({ to: 'anna@isp.example', text: 'Hello Anna.' })
  const [mail, ...more] = await world.reports()
  assert.equal(more.length, 0)
  assert.ok(mail)
  const report = readReport(mail)
  for (const word of ['old.employee', 'anna', 'track-', 'bulk.example'])
    assert.ok(!JSON.stringify(report).includes(word), `${word} is told`)
  assert.equal(report['to'], CONTACT)
  assert.equal(report['subject'], `Abuse from your network: ${BOT}`)
  assert.equal(report['auto'], 'auto-generated')
  assert.match(report.text, /198\.51\.100\.7, port 4711/)
  assert.match(report.text, /never given out: 3\n/)
  assert.match(
    report.text,
    /from 2026-11-29T10:00:00Z to 2026-11-29T10:00:00Z, the last one at 2026-11-29T10:00:00Z\n/,
  )
  const [one] = report.xarf
  assert.deepEqual(
    [
      one?.['source_identifier'],
      one?.['source_port'],
      one?.['timestamp'],
      one?.['evidence_source'],
    ],
    [BOT, 4711, '2026-11-29T10:00:00Z', 'spamtrap'],
  )
  assert.ok(!JSON.stringify([report, one?.evidence]).includes('10:07'))
  for (const field of ['subject', 'message_id', 'smtp_from'])
    assert.equal(one?.[field], undefined, field)
  const again = readFeedback(mail, 'mail.isp.example')
  assert.ok(!('unread' in again))
  assert.deepEqual([again.kind, again.address, again.port], ['abuse', BOT, 4711])
  const told = world.cordon.journal.filter(one => one.kind === 'abuse-reported')
  assert.deepEqual(
    told.map(({ contact, addresses }) => [contact, addresses]),
    [[CONTACT, [BOT]]],
  )
  assert.deepEqual(told.flatMap(keysOf), [`address:${BOT}`], 'found by its address')
  await world.cordon.close()
})

test('as ARF: the one that sent most, the others the next time', async () => {
  const world = await others('arf')
  const text = 'Buy pills.'
  await world.settle()
  for (let i = 0; i < 4; i++) await world.send({ text, sender: 'shop@bulk.example' })
  await world.send({ text: 'EICAR', from: '198.51.100.8' })
  const [first, ...more] = await world.reports()
  assert.equal(more.length, 0)
  const report = readReport(first)
  assert.deepEqual(
    [report['type'], report['reportType'], report.types],
    [
      'multipart/report',
      'feedback-report',
      ['text/plain', 'message/feedback-report', 'text/rfc822-headers'],
    ],
  )
  const { 'Arrival-Date': at, ...fields } = report.feedback ?? {}
  assert.equal(Date.parse(at ?? ''), START + DAY / 2 + 3 * MINUTE)
  assert.deepEqual(fields, {
    'Feedback-Type': 'abuse',
    'User-Agent': 'Cordon',
    Version: '1',
    'Reporting-MTA': 'dns; mail.isp.example',
    'Source-IP': BOT,
    'Source-Port': '4711',
    Incidents: '4',
  })
  assert.deepEqual(Object.keys(report.header ?? {}), ['Received'])
  assert.match(
    report.header?.['Received'] ?? '',
    /^from \[198\.51\.100\.7\]\s+by mail\.isp\.example;\s+Sun, 29 Nov 2026 22:03:00 /,
  )
  assert.deepEqual(await world.reports(), [], 'twice a day at most')
  world.wait(11 * HOUR)
  const [second] = await world.reports()
  const virus = readReport(second)
  assert.deepEqual(
    [virus.feedback?.['Feedback-Type'], virus.feedback?.['Source-IP']],
    ['virus', '198.51.100.8'],
  )
  assert.match(virus.text, /virus: Eicar -Test\n/)
  await world.cordon.close()
})

test('what a sender chose is not told, however it spells whom it wrote to', async () => {
  for (const format of ['xarf', 'arf'] as const) {
    const world = await others(format)
    const about = {
      to: 'anna+shop@isp.example',
      sender: 'b-616e6e61=isp@anna.bulk.example',
      helo: 'anna.isp.example',
    }
    await world.send({ ...about, text: 'EICAR' })
    const [mail] = await world.reports()
    const report = readReport(mail)
    assert.ok(!/anna|616e6e61|bulk/i.test(JSON.stringify(report)), JSON.stringify(report))
    assert.match(report.text, /with a virus: 1\n/)
    await world.cordon.close()
  }
})

test('a machine that only passes mail on, answers, or complains is not reported', async () => {
  const received =
    'Received: from a by forwarder.other.example; Sun, 29 Nov 2026 09:59:00 +0000\r\n'
  const receipt =
    'Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n'
  const innocent = [
    { head: received },
    { sender: '' },
    { head: 'Auto-Submitted: auto-replied\r\n' },
    { head: receipt },
    ...['postmaster', 'abuse', 'Abuse-Reports', 'abuse-desk'].map(role => ({
      to: `${role}@isp.example`,
    })),
  ]
  for (const about of innocent) {
    const world = await others()
    await world.settle()
    for (const text of ['EICAR', 'Buy pills.', 'Buy pills.', 'Buy pills.'])
      await world.send({ ...about, text })
    assert.deepEqual(await world.reports(), [], JSON.stringify(about))
    // Neither does it speak for a machine that sends nothing else of its own.
    await world.send({ ...about, text: 'An invoice.' })
    for (let i = 0; i < 3; i++) await world.send({ text: 'Buy pills.' })
    assert.equal((await world.reports()).length, 1, JSON.stringify(about))
    await world.cordon.close()
  }
})

test('what was known of ordinary mail is lost with a start: half a day long a filter alone convicts none', async () => {
  const records = memoryRecords<Sighting>()
  const before = await others('xarf', undefined, records)
  await before.send({ text: 'An invoice.' })
  await before.cordon.close()
  const world = await others('xarf', undefined, records)
  for (let i = 0; i < 3; i++) await world.send({ text: 'Buy pills.' })
  assert.deepEqual(await world.reports(), [])
  await world.send({ text: 'Another invoice.' })
  world.wait(DAY / 2)
  assert.deepEqual(await world.reports(), [])
  await world.cordon.close()
})

test('a network whose every /64 hits a trap takes no room of other contacts', async () => {
  const world = await others()
  for (let i = 0; i < 520; i++)
    await world.send({ to: TRAP, from: `2001:db8:77:${i.toString(16)}::1`, step: 1 })
  await world.cordon.engine.sightings?.write(START + MINUTE)
  await world.send({ to: TRAP, from: '2001:db8:77:ffff::1' })
  await world.send({ to: TRAP })
  assert.equal((await world.reports()).length, 1)
  const kept = [...world.records.all()].filter(one => one.id.startsWith('2001:db8:77:'))
  assert.equal(kept.length + 50, 500)
  await world.cordon.close()
})

test('a filter alone convicts no server that sends ordinary mail, nor one of few messages', async () => {
  const world = await others()
  const text = 'Buy pills.'
  await world.settle()
  await world.send({ text: 'An invoice.' })
  for (let i = 0; i < 20; i++) await world.send({ text })
  for (let i = 0; i < 2; i++) await world.send({ text, from: '198.51.100.9' })
  assert.deepEqual(await world.reports(), [])
  await world.cordon.close()
})

test('nothing is kept of networks that are not named, nor told of our own lines or logins', async () => {
  const world = await others('xarf', ['198.51.100.0/24', '203.0.113.0/24'])
  for (const from of ['192.0.2.1', '203.0.113.7'])
    for (let i = 0; i < 3; i++) await world.send({ to: TRAP, from })
  world.cordon.engine.sightings?.decoy(decoyMail('192.0.2.2'))
  assert.deepEqual(await world.reports(), [])
  assert.equal([...world.records.all()].length, 0)
  world.cordon.engine.sightings?.decoy(decoyMail(BOT))
  assert.equal((await world.reports()).length, 1)
  await world.cordon.close()
})

const decoyMail = (address: string) =>
  ({
    kind: 'decoy-mail',
    id: 'e',
    seq: 1,
    at: START,
    who: { realm: 'main', address, sure: 'unknown' },
    destination: '203.0.113.250',
    helo: 'x',
    senderDomain: 'a.example',
    recipientDomains: [],
    recipients: 1,
    size: 10,
    fingerprint: '',
  }) as const

test('killed between writing a report down and sending it: it goes once; what came since goes into the next', async () => {
  const world = await others()
  await world.send({ to: TRAP })
  const { records, told } = world
  await world.cordon.engine.sightings?.write(START + HOUR)
  const sightings = [...records.all()]
  const sending = { format: 'xarf', sightings } as const
  await told.change(CONTACT, () => ({ id: CONTACT, at: START, number: 1, sending }))
  await world.send({ to: TRAP })
  await world.cordon.engine.sightings?.write(START + HOUR)
  world.refuse('the disk is full')
  await assert.rejects(world.reports(), /the disk is full/)
  world.refuse(undefined)
  const mails = await world.reports()
  assert.equal(mails.length, 1, 'it was in the queue, which takes it once')
  assert.match(readReport(mails[0]).text, /never given out: 1\n/)
  world.wait(DAY / 2)
  const [next] = await world.reports()
  assert.match(readReport(next).text, /never given out: 1\n/)
  world.wait(DAY)
  assert.deepEqual(await world.reports(), [], 'it has stopped')
  await world.cordon.close()
})

test('where what is known of contacts is lost, the queue takes no new report for an old one', async () => {
  const world = await others()
  await world.send({ to: TRAP })
  assert.equal((await world.reports()).length, 1)
  await world.told.change(CONTACT, () => 'gone')
  await world.send({ to: TRAP })
  assert.equal((await world.reports()).length, 1)
  await world.cordon.close()
})

test('an operator who takes a contact out tells them no more; a clock that was ahead keeps no report back', async () => {
  const world = await others()
  await world.told.change(CONTACT, () => ({ id: CONTACT, at: START + 900 * DAY, number: 7 }))
  await world.send({ to: TRAP })
  assert.equal((await world.reports()).length, 1)
  await world.send({ to: TRAP })
  world.contacts.length = 0
  world.wait(DAY / 2)
  assert.deepEqual(await world.reports(), [])
  world.wait(3 * DAY)
  await world.reports()
  assert.equal([...world.records.all()].length, 0, 'and what is old is forgotten')
  await world.cordon.close()
})
