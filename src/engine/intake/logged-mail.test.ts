// Mail that the log of another server tells of: beside a door its results alone, without one the message, watched.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { memoryRecords } from '../../../test/support/memory-records.ts'
import { NOW, smallCordon } from '../../../test/support/small-cordon.ts'
import { observationsIn } from '../../core/detection/observations-in.ts'
import { MINUTE } from '../../model/duration.ts'
import type { HeardAnswer, HeardMail } from '../../model/heard-mail.ts'
import type { Step } from '../../model/step.ts'
import { type LoggedRow, LoggedRows } from './logged-rows.ts'

const ANNA = 'anna@isp.example'
const HOME = '203.0.113.7'

async function scene(t: TestContext) {
  const records = memoryRecords<LoggedRow>()
  const stores = { logged: new LoggedRows(records), episodes: 'decide' as const }
  const cordon = await smallCordon(undefined, {}, {}, stores)
  t.after(() => cordon.close())
  const { heard } = cordon.engine
  assert.ok(heard)
  const seen = async (subject: `login:${string}` | `line:${string}` = `login:${ANNA}`) => {
    await cordon.engine.idle()
    return (await cordon.engine.episodes(subject, NOW))?.seen ?? {}
  }
  return { cordon, heard, seen, records, stores }
}

/** A long queue id of Postfix. */
const idOf = (i: number) =>
  `4Xy9Zz1kTz${'BCDFGHJKLMNPQRSTVWX'[i % 19]}${'BCDFGHJKLMNPQRSTVWX'[Math.floor(i / 19)]}`

const mail = (i: number, more: Partial<HeardMail> = {}): HeardMail => ({
  id: idOf(i),
  at: NOW + i * MINUTE,
  zoneKnown: true,
  listener: 'submission',
  realm: 'main',
  address: `${20 + i}.51.100.7`,
  login: ANNA,
  sender: ANNA,
  recipients: [`stranger${i}@meadow${i}.example`],
  recipientCount: 1,
  ...more,
})

const gone = ({ at, recipients: [recipient = ''] }: HeardMail): HeardAnswer => ({
  recipient,
  at: at + 1000,
  relay: 'mx.meadow.example',
  isOwnExchanger: false,
  refused: { result: 'unknown-user', code: 550, words: '550 5.1.1 no such user' },
})

const taken = (one: HeardMail, isOwnExchanger: boolean): HeardAnswer => {
  const { refused: _refused, ...answer } = gone(one)
  return { ...answer, isOwnExchanger }
}

/** The policy service asks about it. */
const asked = ({ id, at, address, sender, recipients, recipientCount }: HeardMail): Step => ({
  session: 's',
  listener: 'submission',
  stage: 'message',
  at,
  client: { realm: 'main', address, port: 4000 },
  tls: true,
  login: ANNA,
  sender,
  recipients,
  recipientCount,
  commits: true,
  keptAs: id,
})

test('only watched: a stolen login is weighed and told to the operator, and nothing is stopped or held', async t => {
  const { cordon, heard } = await scene(t)
  for (let i = 0; i < 40; i++) {
    const one = mail(i)
    await heard.message(one, [gone(one)])
  }
  await cordon.engine.idle()
  const alarms = cordon.journal.filter(event => event.kind === 'alarm-raised')
  const first = alarms.find(({ alarm }) => alarm === 'watched-sender')
  assert.equal(first?.about, `login:${ANNA}`, JSON.stringify(alarms))
  assert.match(first.words, /does not ask Cordon/)
  const decided = cordon.journal.filter(event => event.kind === 'episode-decided')
  assert.ok(decided.some(({ subject }) => subject === `login:${ANNA}`))
  assert.ok(decided.every(({ shadow }) => shadow))
  const kinds = new Set(cordon.journal.map(({ kind }) => kind))
  for (const kind of [
    'decision-made',
    'incident-opened',
    'evidence-weighed',
    'notice-sent',
    'judged',
  ])
    assert.ok(!kinds.has(kind as 'judged'), kind)
})

test('a message that a door was asked about counts once, and what the log says of it is evidence', async t => {
  const { cordon, heard, seen } = await scene(t)
  for (let i = 0; i < 5; i++) {
    const one = mail(i)
    await cordon.engine.judge(asked(one))
    await heard.message(one, [gone(one)])
  }
  const { cordon: other, seen: withoutLog } = await scene(t)
  for (let i = 0; i < 5; i++) await other.engine.judge(asked(mail(i)))
  const [with5, without5] = [await seen(), await withoutLog()]
  assert.equal(cordon.journal.filter(({ kind }) => kind === 'tx-commit').length, 5)
  assert.notDeepEqual(with5, without5)
  assert.deepEqual(
    Object.values(with5).filter(([tried, hit]) => tried === 5 && hit === 5).length,
    2,
    JSON.stringify(with5),
  )
  const failed = cordon.journal.filter(event => event.kind === 'delivery-failed')
  assert.equal(failed.length, 5)
  assert.ok(
    failed.every(
      ({ facts, recipient }) => facts && !facts.watched && !recipient.startsWith('stranger'),
    ),
  )
})

test('told again, also after a restart, it counts once, and each recipient has one answer', async t => {
  const { cordon, heard, seen, stores } = await scene(t)
  const one = mail(0, { recipients: ['a@a.example', 'b@b.example'], recipientCount: 2 })
  const [a, b] = one.recipients.map(recipient => gone({ ...one, recipients: [recipient] }))
  assert.ok(a && b)
  await heard.message(one, [a])
  await heard.message(one, [a])
  await heard.later(one, b)
  await heard.later(one, b)
  const before = await seen()
  const again = await smallCordon(undefined, {}, {}, stores)
  await again.engine.heard?.message(one, [a, b])
  await again.engine.heard?.later(one, a)
  await again.engine.idle()
  assert.equal(again.journal.filter(({ kind }) => kind === 'tx-commit').length, 0)
  assert.equal(again.journal.filter(({ kind }) => kind === 'delivery-failed').length, 0)
  await again.close()
  assert.deepEqual(await seen(), before)
  assert.equal(cordon.journal.filter(({ kind }) => kind === 'tx-commit').length, 1)
  assert.equal(cordon.journal.filter(({ kind }) => kind === 'delivery-failed').length, 2)
})

test('a message that was counted before its row was on disk counts once', async t => {
  const { cordon, heard, records } = await scene(t)
  await heard.message(mail(0), [])
  await records.change(idOf(0), () => 'gone')
  await heard.message(mail(0), [])
  await cordon.engine.idle()
  assert.equal(cordon.journal.filter(({ kind }) => kind === 'tx-commit').length, 1)
})

test('a short queue id is used again for another message', async t => {
  const { cordon, heard } = await scene(t)
  const id = '4F1A2B3C10'
  await heard.message(mail(0, { id }), [])
  await heard.message(mail(0, { id }), [])
  await heard.message(mail(120, { id }), [])
  await cordon.engine.idle()
  assert.equal(cordon.journal.filter(({ kind }) => kind === 'tx-commit').length, 2)
})

test('a line whose zone is not known joins no lease', async t => {
  const { cordon, heard } = await scene(t)
  const { login: _login, ...ofLine } = mail(0, { address: HOME, listener: 'trusted-network' })
  await heard.message({ ...ofLine, zoneKnown: false }, [])
  await cordon.engine.idle()
  assert.equal(cordon.journal.filter(({ kind }) => kind === 'tx-commit').length, 0)
  await heard.message(ofLine, [])
  await cordon.engine.idle()
  const [commit] = cordon.journal.filter(event => event.kind === 'tx-commit')
  assert.deepEqual(commit?.facts.subjects, ['line:anna'])
})

test('mail of strangers, and of one that no door was asked about where only results are wanted, is nothing', async t => {
  const { cordon, heard } = await scene(t)
  const { login: _login, ...stranger } = mail(0)
  await heard.message(stranger, [])
  await heard.message(mail(1, { resultsOnly: true }), [gone(mail(1))])
  await heard.later(mail(2), gone(mail(2)))
  await cordon.engine.idle()
  assert.deepEqual(
    cordon.journal.filter(({ kind }) => kind !== 'alarm-raised'),
    [],
  )
})

test('what a smart host has taken opens no window, and counts as an answer', async t => {
  const window = async (isOwnExchanger: boolean) => {
    const { cordon, heard, seen } = await scene(t)
    const one = mail(0, { address: HOME })
    await cordon.engine.judge(asked(one))
    await heard.message(one, [taken(one, isOwnExchanger)])
    await cordon.engine.idle()
    const done = cordon.journal.find(event => event.kind === 'delivery-done')
    assert.ok(done)
    return [observationsIn(done)?.acceptedBy, await seen()] as const
  }
  const [relayed, byRelay] = await window(false)
  const [own, byOwn] = await window(true)
  assert.deepEqual([relayed, own], [undefined, 'meadow0.example'])
  assert.ok(byOwn)
  assert.deepEqual(byRelay, byOwn)
})
