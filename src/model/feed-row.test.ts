import assert from 'node:assert/strict'
import { test } from 'node:test'
import { completed, subscriberFrom } from './feed-row.ts'
import type { Subscriber } from './subscriber.ts'

const row = { id: '7', plan: 'business', logins: 'Anna@isp.example', flags: 'lifeline' }

test('a customer as a feed tells of them', () => {
  assert.deepEqual(subscriberFrom(row), {
    id: '7',
    plan: 'business',
    flags: ['lifeline'],
    logins: [{ name: 'anna@isp.example', addresses: ['anna@isp.example'] }],
  })
})

const whole = {
  id: '7',
  plan: 'business',
  flags: ['lifeline'],
  language: 'de',
  contacts: ['anna@isp.example', 'anna@home.example'],
  logins: [{ name: 'anna@isp.example', addresses: ['anna@isp.example', 'a@isp.example'] }],
} as const

const taken = (row: Readonly<Record<string, unknown>>, before?: Subscriber) => {
  const told = subscriberFrom(row)
  assert.ok(typeof told !== 'string', 'refused')
  return completed(told, before)
}

test('what a row has no column for stays as it is; an empty cell is the default', () => {
  assert.deepEqual(taken({ id: '7' }, whole), whole)
  assert.deepEqual(taken({ id: '7', logins: [{ name: 'anna@isp.example' }] }, whole), whole)
  for (const [column, empty] of [
    ['plan', 'consumer'],
    ['flags', []],
    ['language', 'en'],
    ['contacts', ['anna@isp.example']],
  ] as const) {
    const { [column]: _left, ...rest } = whole
    assert.deepEqual(taken(rest, whole), whole, column)
    assert.deepEqual(taken({ ...rest, [column]: '' }, whole), { ...whole, [column]: empty })
    assert.deepEqual(taken(rest), { ...whole, [column]: empty }, `${column} of a new customer`)
  }
})

test('without contacts in the list, a login that is gone is not written to', () => {
  const logins = 'berta@isp.example'
  assert.deepEqual(taken({ id: '7', logins }, whole).contacts, ['anna@home.example'])
  const plain = { ...whole, contacts: ['anna@isp.example'] }
  assert.deepEqual(taken({ id: '7', logins }, plain).contacts, ['berta@isp.example'])
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
