// A restart forgets how far the clock of an access server is off: what ended before it must not begin anew by a copy of its Start.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND } from '../../model/duration.ts'
import type { Lease } from '../../model/lease.ts'
import type { SessionNews } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'

const AT = Date.UTC(2026, 10, 27)
const OVER: Lease = {
  realm: 'main',
  prefix: '198.51.100.41/32',
  subscriber: 'kd4',
  from: AT,
  to: AT,
  stopped: true,
  session: { nas: '192.0.2.41', id: '1', user: 'kd4' },
}
const START: SessionNews = {
  status: 'start',
  nas: '192.0.2.41',
  session: '1',
  user: 'kd4',
  subscriber: 'kd4',
  realm: 'main',
  framed: [{ prefix: OVER.prefix, kind: 'address4' }],
  at: AT,
}

test('a copy of a Start right after a restart does not open a session that has ended', () => {
  const sessions = new AccountingSessions({
    interim: 0,
    subscriberOf: name => name,
    standing: () => [],
  })
  sessions.restore([OVER], AT + SECOND)
  assert.deepEqual(sessions.hear({ ...START, at: AT + SECOND }, AT + SECOND), [])
  const [anew] = sessions.hear({ ...START, at: AT + 60 * SECOND }, AT + 60 * SECOND)
  assert.equal(anew?.kind, 'open')
})
