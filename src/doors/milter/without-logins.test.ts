import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../model/duration.ts'
import { WithoutLogins } from './without-logins.ts'

const told = (
  count: number,
  { name = 'ORIGINATING', login = false, from = 0, watch = new WithoutLogins() } = {},
) =>
  Array.from({ length: count }, (_, i) =>
    watch.message({ name, port: '', hasLogin: login }, from + i),
  ).filter(event => event !== undefined)

test('a service of submission whose messages never come with a login: told, once a day, with what is missing', () => {
  for (const name of ['ORIGINATING', 'submission', 'submissions', 'smtps', 'SMTPS'])
    assert.equal(told(9, { name }).length, 0, name)
  const watch = new WithoutLogins()
  const [event, ...more] = told(100, { watch })
  assert.equal(more.length, 0)
  assert.ok(event?.kind === 'alarm-raised' && event.alarm === 'half-asked')
  assert.match(event.about, /ORIGINATING/)
  assert.match(event.words, /milter_mail_macros.*\{auth_authen\}/)
  assert.equal(told(1, { watch, from: DAY + 100 }).length, 1)
})

test('by its port, where the server says that', () => {
  const watch = new WithoutLogins()
  const at587 = { name: 'mx.example.org', port: '587', hasLogin: false }
  const events = Array.from({ length: 20 }, (_, i) => watch.message(at587, i))
  assert.equal(events.filter(event => event !== undefined).length, 1)
})

test('one login is enough to know that they are said; other services have none', () => {
  const watch = new WithoutLogins()
  assert.equal(told(1, { watch, login: true }).length, 0)
  assert.equal(told(100, { watch }).length, 0)
  assert.equal(told(100, { watch, name: 'smtps' }).length, 1, 'each service for itself')
  assert.equal(told(100, { name: 'mx.example.org' }).length, 0)
})
