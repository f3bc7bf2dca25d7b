import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SENTENCES } from '../../languages/languages.ts'
import type { Tried } from '../../wire/auth-brake.ts'
import type { Standing } from '../../wire/guess-place.ts'
import type { NewEvent } from '../../model/event.ts'
import { portalLogin, type PortalLoginParts } from './portal-login.ts'

const CLIENT = { realm: 'main', address: '192.0.2.1', port: 0 }
const GIVEN = {
  subscriber: 'anna',
  password: 'right',
  factor: '123456',
  words: SENTENCES.en.portal.login,
}

function parts(standing: Standing, stopped?: Tried) {
  const looked: string[] = []
  const told: NewEvent[] = []
  const given: PortalLoginParts = {
    credentials: {
      verifyPortal: async (_who, password) => {
        looked.push(password)
        return password === 'nobody can tell' ? 'busy' : password === 'right'
      },
    },
    factors: {
      has: () => true,
      check: async (_who, _code, { where }) => {
        looked.push(where)
        return where === 'own' ? 'right' : 'wait'
      },
    },
    brake: {
      attempt: async (_guess, look) =>
        stopped ?? { outcome: await look({ lane: 'rest', from: '' }, standing) },
    },
    report: event => void told.push(event),
    now: () => 0,
  }
  return { given, looked, told }
}

test('a client that is stopped is told how long, and nothing is looked at', async () => {
  const stop = { outcome: 'stopped', by: 'source', retryAfter: 61_001, tell: true } as const
  const { given, looked } = parts('elsewhere', stop)
  const answer = await portalLogin(given, GIVEN, CLIENT)
  assert.ok(answer !== 'in' && answer.status === 429)
  assert.equal(answer.retryAfter, 62)
  assert.match(answer.problem, /wait 2 minutes, or log in from your own connection/)
  assert.deepEqual(looked, [])
})

test('a password that cannot be checked is not a wrong one', async () => {
  const { given } = parts('elsewhere')
  const answer = await portalLogin(given, { ...GIVEN, password: 'nobody can tell' }, CLIENT)
  assert.ok(answer !== 'in' && answer.status === 503 && answer.retryAfter > 0)
})

test('a code is asked for after the password, and counted by where it is typed', async () => {
  const wrong = parts('elsewhere')
  const no = await portalLogin(wrong.given, { ...GIVEN, password: 'wrong' }, CLIENT)
  assert.ok(no !== 'in' && no.status === 401)
  assert.deepEqual(wrong.looked, ['wrong'])
  for (const standing of ['elsewhere', 'known-network'] as const) {
    const later = await portalLogin(parts(standing).given, GIVEN, CLIENT)
    assert.ok(later !== 'in' && later.status === 401)
    assert.match(later.problem, /Too many wrong codes/)
  }
  for (const standing of ['own-line', 'known-source'] as const)
    assert.equal(await portalLogin(parts(standing).given, GIVEN, CLIENT), 'in')
})

test('the log shows the client that guesses, and a stopped one once', async () => {
  const wrong = parts('elsewhere')
  await portalLogin(wrong.given, { ...GIVEN, password: 'wrong' }, CLIENT)
  const about = { kind: 'portal-login', at: 0, address: '192.0.2.1', subscriber: 'anna' }
  assert.deepEqual(wrong.told, [{ ...about, ok: false }])
  for (const tell of [true, false]) {
    const stop = { outcome: 'stopped', by: 'source', retryAfter: 1, tell } as const
    const stopped = parts('elsewhere', stop)
    await portalLogin(stopped.given, GIVEN, CLIENT)
    assert.deepEqual(stopped.told, tell ? [{ ...about, ok: false, stoppedBy: 'source' }] : [])
  }
  const right = parts('own-line')
  await portalLogin(right.given, GIVEN, CLIENT)
  assert.deepEqual(right.told, [{ ...about, ok: true }])
})
