import assert from 'node:assert/strict'
import { test } from 'node:test'
import { subscriberFrom } from './feed-row.ts'

const row = { id: '7', plan: 'business', logins: 'Anna@isp.example', flags: 'lifeline' }

test('a customer as a feed tells of them', () => {
  assert.deepEqual(subscriberFrom(row), {
    id: '7',
    plan: 'business',
    flags: ['lifeline'],
    language: 'en',
    contacts: ['anna@isp.example'],
    logins: [{ name: 'anna@isp.example', addresses: ['anna@isp.example'] }],
  })
})

test('a row that is wrong in anything is no customer, and says why', () => {
  for (const [wrong, why] of [
    [{ id: '' }, /\(id\)/],
    [{ id: 'x'.repeat(65) }, /\(id\)/],
    [{ plan: 'gold' }, /gold is no plan/],
    [{ flags: 'lifeline vip' }, /vip is no flag/],
    [{ logins: 'anna' }, /anna is no mail address/],
    [{ contacts: ['anna@isp.example', 'x y@'] }, /is no mail address/],
  ] as const)
    assert.match(JSON.stringify(subscriberFrom({ ...row, ...wrong })), why)
})
