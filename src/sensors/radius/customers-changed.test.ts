// The operator's table says that a line is another customer's, while its session stands.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { MINUTE } from '../../model/duration.ts'
import type { Lease } from '../../model/lease.ts'
import type { SessionNews } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'

const AT = Date.UTC(2026, 10, 28)
const ADDRESS = '198.51.100.41'

function scene(table: Map<string, string>, before: readonly Lease[] = []) {
  const leases = memoryLeases(before)
  const anew = new Map<string, number>()
  const open = () =>
    new AccountingSessions({
      interim: 0,
      knownBy: 'user-name',
      subscriberOf: name => table.get(name),
      ...lookupsOf(leases),
      anewOf: nas => anew.get(nas),
      noteAnew: (nas, at) => void anew.set(nas, at),
    })
  let sessions = open()
  sessions.restore([...leases.all()], AT)
  const done = (changes: ReturnType<AccountingSessions['sweep']>) => {
    for (const { kind, lease } of changes)
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  return {
    told: (status: SessionNews['status'], at: number, now = at) =>
      done(
        sessions.hear(
          {
            status,
            nas: '192.0.2.1',
            realm: 'main',
            session: status === 'nas-on' ? '' : '1',
            user: 'line7',
            subscriber: 'line7',
            framed: status === 'nas-on' ? [] : [{ prefix: `${ADDRESS}/32`, kind: 'address4' }],
            at,
          },
          now,
        ),
      ),
    changed: (now: number) => done(sessions.customersChanged(now)),
    restart: (now: number) => {
      sessions = open()
      sessions.restore([...leases.all()], now)
    },
    who: () => {
      const { sure, subscriber } = leases.holder('main', ADDRESS, undefined)
      return `${sure} ${subscriber ?? ''}`.trim()
    },
  }
}

test('a line that is another customer’s now is theirs at once, also when its session is from before a restart', () => {
  for (const again of [false, true]) {
    const table = new Map([['line7', 'kd1']])
    const { told, changed, restart, who } = scene(table)
    told('start', AT)
    if (again) restart(AT + 1000)
    changed(AT + 2000)
    assert.equal(who(), 'certain kd1', 'nothing has changed')
    table.set('line7', 'kd2')
    changed(AT + MINUTE)
    assert.equal(who(), 'certain kd2')
    told('interim', AT + 2 * MINUTE)
    assert.equal(who(), 'certain kd2')
    told('stop', AT + 3 * MINUTE)
    assert.equal(who(), 'unknown')
  }
})

test('a line that is no customer’s any more has no lease, until it is a customer’s again', () => {
  const table = new Map([['line7', 'kd1']])
  const { told, changed, who } = scene(table)
  told('start', AT)
  table.delete('line7')
  changed(AT + MINUTE)
  assert.equal(who(), 'unknown')
  table.set('line7', 'kd3')
  told('interim', AT + 2 * MINUTE)
  assert.equal(who(), 'certain kd3')
})

test('that an access server began anew is known after a restart: what was told of before that opens nothing', () => {
  const { told, restart, who } = scene(new Map([['line7', 'kd1']]))
  told('nas-on', AT)
  restart(AT + MINUTE)
  told('start', AT - 60 * MINUTE, AT + 2 * MINUTE)
  assert.equal(who(), 'unknown')
  told('start', AT + 3 * MINUTE)
  assert.equal(who(), 'certain kd1')
})
