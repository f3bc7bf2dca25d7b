import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision } from '../../model/decision.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import { expire } from './deadlines.ts'
import { secondLook } from './mail-verdict.ts'
import { leaveBehind, release } from './release.ts'

const incident: Incident = {
  rev: 1,
  id: 'i1',
  caseCode: 'K7-2M9Q',
  subject: 'line:1',
  subscriber: '1',
  status: 'contained',
  openedAt: 0,
  changedAt: 0,
  sum: 20,
  holdAt: 11,
  containAt: 18,
  kinds: ['content', 'recipients'],
  epoch: 0,
  decision: 'isolate',
  summary: '',
}
const decided = (kind: Decision['kind'], until: number): Decision => ({
  id: kind,
  incident: 'i1',
  subject: 'line:1',
  kind,
  at: 0,
  until,
  by: 'evidence',
})

test('seventy-two quiet hours release a line into probation, and probation ends', () => {
  const isolate = decided('isolate', 72 * HOUR)
  assert.equal(expire(incident, [isolate], 71 * HOUR), undefined)
  const over = expire(incident, [isolate], 72 * HOUR)
  assert.equal(over?.incident.status, 'probation')
  assert.equal(over?.incident.epoch, 1)
  assert.deepEqual(
    over?.ended.map(one => one.endedBy),
    ['time'],
  )
  const later = over && expire(over.incident, [], 72 * HOUR + 14 * DAY)
  assert.equal(later?.incident.status, 'closed')
})

test('in probation nothing is in force that restricts: it begins when the last of it is over', () => {
  for (const [kind, status] of [
    ['hold', 'held'],
    ['redirect-25', 'watched'],
  ] as const) {
    const rest = decided(kind, 90 * HOUR)
    const over = expire(incident, [decided('isolate', 72 * HOUR), rest], 72 * HOUR)
    assert.deepEqual([over?.incident.status, over?.incident.epoch], [status, 1])
    assert.equal(over && expire(over.incident, [rest], 80 * HOUR), undefined)
    const later = over && expire(over.incident, [rest], 90 * HOUR)
    assert.deepEqual(
      [later?.incident.status, later?.ended.map(one => one.kind)],
      ['probation', [kind]],
    )
  }
  const watch = decided('watch', 90 * HOUR)
  const over = expire(incident, [decided('isolate', 72 * HOUR), watch], 72 * HOUR)
  assert.equal(over?.incident.status, 'probation')
  const held: Incident = { ...incident, status: 'held' }
  const redirected = expire(held, [decided('hold', HOUR), decided('redirect-25', DAY)], HOUR)
  assert.equal(redirected?.incident.status, 'watched', 'nothing holds mail any more')
})

test('of a customer who is gone what is enforced ends; their case is over when no mail of theirs waits', () => {
  const isolated = decided('isolate', 2 * DAY)
  const left = leaveBehind(incident, [isolated], DAY)
  assert.deepEqual(
    left?.ended.map(one => [one.kind, one.endedAt, one.endedBy]),
    [['isolate', DAY, 'customer-gone']],
  )
  assert.equal(left?.incident.status, 'probation')
  const spam = { at: HOUR, nats: 6, expires: 5 * DAY }
  assert.deepEqual(secondLook(spam, left?.incident, DAY), { to: 'held', due: 73 * HOUR })
  const over = left && expire(left.incident, [], 4 * DAY)
  assert.equal(over?.incident.status, 'closed')
  assert.equal(left && leaveBehind(left.incident, [], 2 * DAY), undefined)
})

test('a stopped login and a suspension outlast a customer who is missing from a list: same case, same sum, own end', () => {
  for (const kind of ['stop-login', 'suspend'] as const) {
    const stays = decided(kind, 20 * DAY)
    assert.equal(leaveBehind(incident, [stays], DAY), undefined)
    const left = leaveBehind(incident, [decided('isolate', 2 * DAY), stays], DAY)
    assert.deepEqual(
      left?.ended.map(one => [one.kind, one.endedBy]),
      [['isolate', 'customer-gone']],
    )
    assert.deepEqual(left?.incident, { ...incident, decision: kind, changedAt: DAY })
    assert.equal(expire(incident, [stays], 20 * DAY)?.incident.status, 'probation')
  }
})

test('only staff lifts a suspension, and a stolen login wants a new password', () => {
  assert.equal(release(incident, [decided('suspend', DAY)], 'owner', 0).ok, false)
  assert.equal(release(incident, [decided('suspend', DAY)], 'staff', 0).ok, true)
  assert.equal(release(incident, [decided('stop-login', DAY)], 'owner', 0).ok, false)
  assert.equal(release(incident, [decided('stop-login', DAY)], 'password-change', 0).ok, true)
})

test('held mail: kept while its line is guilty, given back after three days, sent when nothing came', () => {
  const held = { at: 0, nats: 5.9, expires: 5 * DAY }
  assert.deepEqual(secondLook(held, incident, HOUR), { to: 'held', due: 72 * HOUR })
  assert.deepEqual(secondLook(held, incident, 72 * HOUR), { to: 'expired' })
  assert.deepEqual(secondLook(held, { ...incident, status: 'held', sum: 12 }, HOUR), {
    to: 'queued',
  })
  // What nothing proves goes as long as the sum is low; and what others' mail led to, never.
  const unproven = { ...incident, status: 'held', sum: 30, containAt: 18 } as const
  const going = { ...unproven, changedAt: 72 * HOUR - 1 }
  assert.deepEqual(secondLook(held, unproven, 72 * HOUR), { to: 'expired' })
  assert.deepEqual(secondLook({ ...held, clean: true }, unproven, 72 * HOUR), { to: 'queued' })
  assert.deepEqual(secondLook(held, going, 72 * HOUR), { to: 'expired' })
  assert.deepEqual(secondLook(held, { ...going, sum: 17 }, 72 * HOUR), { to: 'queued' })
  const led = { ...held, ledSpam: true } as const
  assert.deepEqual(secondLook(led, undefined, HOUR), { to: 'held', due: 72 * HOUR })
  assert.deepEqual(secondLook(led, undefined, 72 * HOUR), { to: 'expired' })
  const released: Incident = { ...incident, sum: 0, status: 'probation', releasedAt: HOUR }
  assert.deepEqual(secondLook(held, released, 2 * HOUR), { to: 'held', due: 72 * HOUR })
  for (const nats of [0.7, 2.15, 2.5])
    assert.deepEqual(secondLook({ ...held, nats }, released, 2 * HOUR), { to: 'queued' })
})

test('of a case whose sum was as high as isolates nothing goes by itself that no scanner found clean', () => {
  const unread = { at: HOUR, nats: 0.7, expires: 5 * DAY }
  const high = { ...incident, status: 'held', sum: 32, containAt: 16.7, reachedAt: HOUR } as const
  const quiet = { ...high, status: 'watched' } as const
  const kept = { to: 'held', due: 73 * HOUR }
  for (const one of [high, quiet, { ...quiet, sum: 3 }])
    assert.deepEqual(secondLook(unread, one, 2 * HOUR), kept)
  assert.deepEqual(secondLook(unread, quiet, 73 * HOUR), { to: 'expired' })
  const clean = { ...unread, clean: true } as const
  assert.deepEqual(secondLook(clean, quiet, 2 * HOUR), { to: 'queued' })
  // An earlier Cordon did not say when it was so high.
  const { reachedAt: _, ...former } = quiet
  assert.deepEqual(secondLook(unread, former, 2 * HOUR), kept)
  assert.deepEqual(secondLook(unread, { ...former, sum: 12 }, 2 * HOUR), { to: 'queued' })
  // Three days later it is a case of small sums again; and so it is after a release, for what comes then.
  const later = { ...unread, at: 80 * HOUR }
  assert.deepEqual(secondLook(later, quiet, 81 * HOUR), { to: 'queued' })
  const released = release({ ...high, status: 'contained' }, [], 'staff', 2 * HOUR)
  assert.ok(released.ok)
  assert.deepEqual(secondLook(unread, released.incident, 3 * HOUR), kept)
  const after = { ...unread, at: 3 * HOUR }
  assert.deepEqual(secondLook(after, released.incident, 4 * HOUR), { to: 'queued' })
  assert.deepEqual(secondLook(clean, released.incident, 3 * HOUR), { to: 'queued' })
})

test('a release begins anew: neither the sum nor the kinds that were seen count any more', () => {
  const found: Incident = { ...incident, sum: 30, moved: 7, kinds: ['content', 'recipients'] }
  const released = release(found, [decided('isolate', DAY)], 'owner', HOUR)
  assert.ok(released.ok)
  const { sum, moved, kinds, epoch, status } = released.incident
  assert.deepEqual([sum, moved, kinds, epoch, status], [0, 0, [], found.epoch + 1, 'probation'])
})
