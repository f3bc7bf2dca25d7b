import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judging, said } from '../../../test/support/judging.ts'
import { batv } from '../../mail/batv.ts'
import { DAY } from '../../model/duration.ts'
import { bounceControl } from './bounce-control.ts'
import { quotas } from './quotas.ts'

const tags = batv('secret')
const ANNA = 'anna@isp.example'
const rule = bounceControl(
  'enforce',
  { tags, exempt: ['list-owner@isp.example'], observes: 14 },
  domain => domain === 'isp.example',
)
const FORGED = 'reject forged-bounce'

/** A fortnight in which all of them have sent mail every day, and the morning of the next day. */
async function fortnight(senders = [ANNA, 'list-owner@isp.example']) {
  const one = judging([rule])
  for (let day = 0; day <= 14; day++)
    for (const sender of senders)
      await one.message({ at: day * DAY, listener: 'submission', login: sender, sender })
  const report = async (recipients: readonly string[], at = 14 * DAY) =>
    said(await one.message({ at, sender: '', recipients }))
  return { ...one, report }
}

test('a report without our tag is forged; one with it is not', async () => {
  const { report } = await fortnight()
  assert.equal(await report([ANNA]), FORGED)
  assert.equal(await report([tags.tag(ANNA, 12 * DAY)]), 'accept')
  assert.equal(await report([tags.tag(ANNA, 0)], 14 * DAY), FORGED, 'an old one')
  assert.equal(await report([batv('other').tag(ANNA, 12 * DAY)]), FORGED, 'not ours')
})

test('lists, roamers, senders that never send through us, and ordinary mail are accepted', async () => {
  const { report, message } = await fortnight()
  assert.equal(await report(['list-owner@isp.example']), 'accept')
  assert.equal(await report(['desk@isp.example']), 'accept')
  assert.equal(await report([ANNA, 'desk@isp.example']), 'accept', 'the desk is to have it')
  assert.equal(said(await message({ at: 14 * DAY, recipients: [ANNA] })), 'accept')
})

test('a receipt that the reader sends is no report', async () => {
  const { message } = await fortnight()
  const receipt = { sender: '', recipients: [ANNA], message: { receipt: true } as never }
  assert.equal(said(await message({ at: 14 * DAY, ...receipt })), 'accept')
})

test('an answer of a program to mail that was really sent from here is no forged report', async () => {
  const { message } = await fortnight()
  const sends = (sender: string, messageId: string) =>
    message({
      at: 13 * DAY,
      listener: 'submission',
      login: sender,
      sender,
      message: { messageId } as never,
    })
  await sends(ANNA, '<q1@isp.example>')
  await sends('bob@isp.example', '<q2@isp.example>')
  const answer = async (answered: readonly string[], at = 14 * DAY) =>
    said(await message({ at, sender: '', recipients: [ANNA], message: { answered } as never }))
  assert.equal(await answer(['q1@isp.example']), 'accept')
  assert.equal(await answer(['else@isp.example', 'q1@isp.example']), 'accept')
  for (let i = 0; i < 2; i++) assert.equal(await answer(['forged@isp.example']), FORGED)
  assert.equal(await answer(['q2@isp.example']), FORGED, 'sent by another')
  assert.equal(await answer([]), FORGED)
  assert.equal(await answer(['q1@isp.example'], 28 * DAY), FORGED, 'too old')
})

test('nothing is refused before it has tagged on fourteen days', async () => {
  const one = judging([rule])
  for (let day = 0; day < 14; day++)
    await one.message({ at: day * DAY, listener: 'submission', login: ANNA, sender: ANNA })
  const forged = { at: 13 * DAY + DAY / 2, sender: '', recipients: [ANNA] }
  assert.equal(said(await one.message(forged)), 'accept')
})

test('one day is a whole day, also of a person: the bounce of untagged mail of the day before is accepted', async () => {
  const brief = bounceControl('enforce', { tags, exempt: [], observes: 1 }, () => true)
  const one = judging([brief])
  const sends = (at: number, sender: string) =>
    one.message({ at, listener: 'submission', login: sender, sender })
  const report = async (at: number, to: string) =>
    said(await one.message({ at, sender: '', recipients: [to] }))
  await sends(1, ANNA)
  assert.equal(await report(2, ANNA), 'accept', 'seconds after the first of all')
  await sends(DAY, ANNA)
  await sends(DAY, 'bob@isp.example')
  assert.equal(await report(DAY + 1, ANNA), FORGED)
  assert.equal(await report(DAY + 1, 'bob@isp.example'), 'accept', 'his first is of today')
  await sends(2 * DAY, 'bob@isp.example')
  assert.equal(await report(2 * DAY + 1, 'bob@isp.example'), FORGED)
})

test('a report that is refused is charged to no quota', async () => {
  const quota = quotas('enforce', {
    quotas: [
      {
        name: 'q',
        listeners: ['inbound'],
        per: ['recipient'],
        count: 'messages',
        limit: 1,
        in: DAY,
        over: 'defer',
      },
    ],
    timeZone: 'UTC',
  })
  const one = judging([rule, quota])
  for (let day = 0; day <= 14; day++)
    await one.message({ at: day * DAY, listener: 'submission', login: ANNA, sender: ANNA })
  const to = { at: 14 * DAY, recipients: [ANNA] }
  for (let i = 0; i < 3; i++) assert.equal(said(await one.message({ ...to, sender: '' })), FORGED)
  assert.equal(said(await one.message(to)), 'accept')
  assert.equal(said(await one.message(to)), 'defer over-quota')
})

test('what had no room for a tag went without: its reports are taken, others to the same person are not', async () => {
  const long = `anna+${'order-'.repeat(9)}1@isp.example`
  const longer = `${'x'.repeat(60)}@isp.example`
  assert.equal(tags.tag(long, 0), long)
  const { report, message } = await fortnight()
  assert.equal(await report([long]), FORGED, 'nothing was sent from it')
  for (const sender of [long, longer])
    await message({ at: 13 * DAY, listener: 'submission', login: ANNA, sender })
  assert.equal(await report([long]), 'accept')
  assert.equal(await report([longer]), 'accept')
  assert.equal(await report([long.toUpperCase()]), 'accept')
  assert.equal(await report([long.replace('order', 'other')]), FORGED)
  assert.equal(await report([ANNA]), FORGED)
  assert.equal(
    await report([long], 14 * DAY + 90 * DAY + DAY),
    'accept',
    'nothing is known any more',
  )
})
