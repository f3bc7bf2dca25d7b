import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import { type Asking, CONFIRM_EVERY, due, permission, quietUntil, whyNot } from './opt-out.ts'

const AT = Date.UTC(2026, 5, 1)
const ANNA: Subscriber = {
  id: 'anna',
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: ['anna@isp.example'],
  logins: [],
}
const ASKING: Asking = {
  subscriber: ANNA,
  kind: 'destinations',
  destinations: ['smtp.provider.example'],
  serverName: undefined,
  others: [],
  incidents: [],
  at: AT,
}
const OPEN: OptOut = {
  id: 'o1',
  code: 'K7-2M9Q',
  subscriber: 'anna',
  kind: 'destinations',
  destinations: ['smtp.provider.example'],
  addresses: ['203.0.113.9'],
  state: 'open',
  askedAt: AT,
  openedAt: AT,
  confirmBy: AT + CONFIRM_EVERY,
}
const FOUND: Incident = {
  rev: 1,
  id: 'i1',
  caseCode: 'A1-B2C3',
  subject: 'line:anna',
  status: 'probation',
  openedAt: AT - 9 * DAY,
  changedAt: AT - 2 * DAY,
  releasedAt: AT - 2 * DAY,
  decision: 'isolate',
  sum: 0,
  holdAt: 11,
  containAt: 18,
  kinds: [],
  epoch: 1,
  summary: '',
}

test('which customers may ask, and which may not, in words that say what next', () => {
  const ask = (more: Partial<Asking>) => whyNot({ ...ASKING, ...more })
  assert.equal(ask({}), undefined)
  assert.equal(ask({ destinations: ['203.0.113.9', '2001:db8::1'] }), undefined)
  assert.match(ask({ destinations: [] }) ?? '', /write the servers/)
  assert.match(ask({ destinations: ['a.b', 'c.d', 'e.f', 'g.h', 'i.j', 'k.l'] }) ?? '', /At most 5/)
  assert.match(ask({ destinations: ['no such name!'] }) ?? '', /neither a name nor an address/)
  assert.match(ask({ subscriber: { ...ANNA, plan: 'expert' } }) ?? '', /part of your contract/)
  assert.match(ask({ others: [OPEN] }) ?? '', /End what is there first/)
  assert.equal(ask({ kind: 'own-server', serverName: 'mail.anna.example' }), undefined)
  assert.match(ask({ kind: 'own-server', serverName: 'mail' }) ?? '', /full name/)
})

test('not within seven days of a finding on the line; a stolen password is no finding', () => {
  assert.match(whyNot({ ...ASKING, incidents: [FOUND] }) ?? '', /from 2026-06-06 on/)
  assert.equal(whyNot({ ...ASKING, incidents: [FOUND], at: AT + 5 * DAY }), undefined)
  assert.equal(quietUntil([{ ...FOUND, status: 'contained' }]), Number.POSITIVE_INFINITY)
  assert.match(
    whyNot({ ...ASKING, incidents: [{ ...FOUND, status: 'contained' }] }) ?? '',
    /a week after its release/,
  )
  const login: Incident = { ...FOUND, subject: 'login:anna@isp.example', decision: 'stop-login' }
  assert.equal(whyNot({ ...ASKING, incidents: [login] }), undefined)
})

test('what is open', () => {
  assert.deepEqual(permission([OPEN]), { state: 'named', destinations: ['203.0.113.9'] })
  assert.deepEqual(permission([{ ...OPEN, kind: 'own-server' }]), { state: 'open' })
  assert.equal(
    permission([
      { ...OPEN, state: 'asked' },
      { ...OPEN, state: 'ended' },
    ]),
    undefined,
  )
})

test('reminded once, a month before the year is over; then it ends', () => {
  const { confirmBy = 0 } = OPEN
  assert.equal(due(OPEN, confirmBy - 31 * DAY), undefined)
  assert.equal(due(OPEN, confirmBy - 30 * DAY), 'remind')
  assert.equal(due({ ...OPEN, remindedAt: confirmBy - 30 * DAY }, confirmBy - 29 * DAY), undefined)
  assert.equal(due({ ...OPEN, remindedAt: confirmBy - 30 * DAY }, confirmBy), 'end')
  assert.equal(due({ ...OPEN, state: 'ended' }, confirmBy), undefined)
})
