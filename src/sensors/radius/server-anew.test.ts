// An access server that begins anew, into a clock that may be another one: nothing of its former life is certain, and what comes of it later
// opens nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../model/duration.ts'
import { TellerClock } from '../../wire/teller-clock.ts'
import type { SessionNews } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'
import { timeOf } from './time-of-event.ts'

const AT = Date.UTC(2026, 10, 27)
const HOME = '198.51.100.41'

function network() {
  const leases = memoryLeases()
  const clocks = new Map<string, TellerClock>()
  const sessions = new AccountingSessions({
    interim: 0,
    subscriberOf: name => (name.startsWith('kd') ? name : undefined),
    ...lookupsOf(leases),
  })
  const clockOf = (nas: string) => {
    const clock = clocks.get(nas) ?? new TellerClock()
    clocks.set(nas, clock)
    return clock
  }
  leases.doubt(({ session }) => session !== undefined && clockOf(session.nas).isDoubtful)
  /** Happened then, by a clock so much behind, and arrived so much later (ms). */
  const told = (
    status: SessionNews['status'],
    when: number,
    more: Partial<SessionNews> & {
      readonly behind?: number
      readonly late?: number
      readonly ip?: string
    } = {},
  ) => {
    const { behind = 0, late = 0, ip = HOME, user = 'kd5', ...rest } = more
    const now = AT + when + late
    const news = {
      status,
      nas: 'bng1',
      realm: 'main',
      session: status === 'nas-on' ? '' : '1',
      user,
      subscriber: user,
      framed: status === 'nas-on' ? [] : [{ prefix: `${ip}/32`, kind: 'address4' as const }],
      ...rest,
      stamp: Math.floor((AT + when - behind) / 1000) * 1000,
    }
    const moment = timeOf({ ...news, delay: 0 }, clockOf(news.nas), now)
    for (const { kind, lease } of sessions.hear({ ...news, ...moment }, now))
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const who = (ip = HOME) => {
    const { sure, subscriber } = leases.holder('main', ip, undefined)
    return sure === 'certain' ? subscriber : sure
  }
  return { told, who }
}

for (const [words, behind] of [
  ['an hour behind', HOUR],
  ['years behind', 3 * 365 * DAY],
] as const) {
  test(`one that begins anew ${words}: no former customer is certain, and the next ones are when its clock is known`, () => {
    const { told, who } = network()
    told('start', 0)
    told('start', MINUTE, { session: '7', user: 'kd7', ip: '198.51.100.47' })
    assert.equal(who(), 'kd5')
    told('nas-on', 2 * MINUTE, { behind })
    assert.notEqual(who(), 'kd5')
    assert.notEqual(who('198.51.100.47'), 'kd7')
    told('start', 2 * MINUTE + SECOND, { behind, user: 'kd6' })
    assert.notEqual(who(), 'kd5')
    for (let i = 2; i < 16; i++)
      told('start', 2 * MINUTE + i * SECOND, {
        behind,
        session: `2${i}`,
        user: 'kd9',
        ip: `198.51.100.${100 + i}`,
      })
    assert.equal(who(), 'kd6')
    assert.equal(who('198.51.100.115'), 'kd9')
  })

  test(`one that begins anew ${words} and does not say so: the former customer is not certain after a Start of another`, () => {
    const { told, who } = network()
    told('start', 0)
    told('start', MINUTE, { behind, user: 'kd6' })
    assert.equal(who(), 'ambiguous')
  })
}

test('a copy of what an ended session told changes nothing, however old', () => {
  const { told, who } = network()
  told('start', 0)
  told('stop', 10 * SECOND)
  told('start', 20 * SECOND, { session: '2', user: 'kd6' })
  told('start', 0, { late: 5 * MINUTE })
  assert.equal(who(), 'kd6')
  // Its number has another user now.
  told('start', 6 * MINUTE, { user: 'kd8', ip: '198.51.100.48' })
  told('start', 0, { late: 7 * MINUTE })
  assert.equal(who(), 'kd6')
})

test('a Start of before its access server began anew, that comes after that, opens nothing', () => {
  const { told, who } = network()
  told('nas-on', 0)
  told('nas-on', MINUTE)
  told('start', MINUTE - 20 * SECOND, { late: 21 * SECOND })
  assert.equal(who(), 'unknown')
})

test('a Start in the second in which its access server began anew is of its new life', () => {
  const { told, who } = network()
  told('start', 0)
  told('nas-on', MINUTE)
  assert.equal(who(), 'unknown')
  told('start', MINUTE + 200)
  assert.equal(who(), 'kd5')
})

test('what began before an access server says late that it began anew goes on, in doubt until it is told of', () => {
  const { told, who } = network()
  told('start', 0)
  told('start', MINUTE, { session: '2', user: 'kd6', ip: '198.51.100.46' })
  told('nas-on', 30 * SECOND, { late: MINUTE })
  assert.equal(who(), 'unknown')
  assert.equal(who('198.51.100.46'), 'ambiguous')
  told('interim', 2 * MINUTE, { session: '2', user: 'kd6', ip: '198.51.100.46' })
  assert.equal(who('198.51.100.46'), 'kd6')
})
