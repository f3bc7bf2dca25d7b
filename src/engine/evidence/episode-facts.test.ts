import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Who } from '../../model/lease.ts'
import { NO_ADDRESS } from '../../model/ip.ts'
import { loginOf } from '../../model/evidence.ts'
import { awayOf } from './episode-facts.ts'

const LOGIN = 'anna@isp.example'
const from = (who: Partial<Who>) =>
  awayOf({ realm: 'main', address: '192.0.2.80', login: LOGIN, sure: 'unknown', ...who }, [
    loginOf(LOGIN),
  ])

test('a foreign address is a subject, and its network one of the login', () => {
  const away = from({})
  assert.equal(away?.source, '192.0.2.80')
  assert.ok(away?.network)
})

test('the host of many users is neither, nor are loopback and no address: twenty users of a webmail share no window', () => {
  assert.deepEqual(from({ crowd: true }), {})
  for (const address of ['127.0.0.1', '::1', NO_ADDRESS])
    assert.deepEqual(from({ address }), {}, address)
})

test('at its own line there is nothing to say', () => {
  assert.equal(
    awayOf({ realm: 'main', address: '203.0.113.7', login: LOGIN, sure: 'certain' }, []),
    undefined,
  )
})
