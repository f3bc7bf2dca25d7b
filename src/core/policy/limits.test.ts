// Each limit by itself, at its edge: the others are wide.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judging, said } from '../../../test/support/judging.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { AttributedStep } from '../../model/step.ts'
import { type Limits, limits } from './limits.ts'

const WIDE: Limits = {
  messagesPerHour: 1000,
  recipientsPerHour: 1000,
  recipientsPerDay: 1000,
  firstTimePerDay: 1000,
}
const HELD = 'hold over-limit'
const LOGIN = 'anna@isp.example'

/** Messages of one login, as many recipients each, one after the other `apart`. */
async function sending(
  limit: Partial<Limits>,
  { apart = 0, ...step }: Partial<AttributedStep> & { readonly apart?: number } = {},
) {
  const all = { ...WIDE, ...limit }
  const rule = limits('enforce', { consumer: all, expert: all, business: all, site: WIDE })
  const one = judging([rule])
  const ends: string[] = []
  for (let i = 0; i < 4; i++) {
    const sent = { at: i * apart, listener: 'submission', login: LOGIN, ...step } as const
    ends.push(said(await one.message(sent)))
  }
  return ends
}

const recipients = ['a@x.example', 'b@x.example']
const THREE = ['accept', 'accept', 'accept', HELD]

test('messages an hour', async () => {
  assert.deepEqual(await sending({ messagesPerHour: 3 }), THREE)
  assert.ok(!(await sending({ messagesPerHour: 3 }, { apart: HOUR })).includes(HELD))
})

test('recipients an hour, and a day', async () => {
  assert.deepEqual(await sending({ recipientsPerHour: 6 }, { recipients }), THREE)
  assert.ok(!(await sending({ recipientsPerHour: 6 }, { recipients, apart: HOUR })).includes(HELD))
  assert.deepEqual(await sending({ recipientsPerDay: 6 }, { recipients, apart: 2 * HOUR }), THREE)
  assert.ok(!(await sending({ recipientsPerDay: 6 }, { recipients, apart: DAY })).includes(HELD))
})

test('people never written to before, a day', async () => {
  const firstTime = 2
  assert.deepEqual(await sending({ firstTimePerDay: 6 }, { firstTime, apart: HOUR }), THREE)
  assert.ok(!(await sending({ firstTimePerDay: 6 }, { firstTime: 0 })).includes(HELD))
})

test('each plan has its own, and a line and an address are counted as a login is', async () => {
  assert.ok(!(await sending({ messagesPerHour: 1 }, { plan: 'site' })).includes(HELD))
  const who = {
    realm: 'main',
    address: '203.0.113.7',
    subscriber: 'anna',
    sure: 'certain',
  } as const
  const rule = limits('enforce', {
    consumer: { ...WIDE, messagesPerHour: 1 },
    expert: WIDE,
    business: WIDE,
    site: WIDE,
  })
  const one = judging([rule])
  const from = async (step: Partial<AttributedStep>) =>
    said(await one.message({ listener: 'trusted-network', ...step }))
  assert.equal(await from({ who }), 'accept')
  assert.equal(await from({ who, login: LOGIN }), HELD, 'another login on the same line')
  const stranger = (address: string) => ({ client: { realm: 'main', address, port: 25 } })
  assert.equal(await from(stranger('198.51.100.7')), 'accept')
  assert.equal(await from(stranger('198.51.100.7')), HELD)
  assert.equal(await from(stranger('198.51.100.8')), 'accept', 'another machine of the office')
  assert.equal(await from(stranger('2001:db8::7')), 'accept')
  assert.equal(await from(stranger('2001:db8::8')), HELD, 'the same /64')
  assert.equal(await from(stranger('2001:db8:0:1::8')), 'accept')
  assert.equal(await from(stranger('192.0.2.8')), 'accept')
})

test('twenty logins behind one webmail, or one office, are not one consumer; loopback has no limit of its own', async () => {
  const each = { ...WIDE, messagesPerHour: 2 }
  const rule = limits('enforce', { consumer: each, expert: each, business: each, site: each })
  const one = judging([rule])
  const from = (address: string, login?: string) =>
    one.message({
      listener: login === undefined ? 'trusted-network' : 'submission',
      client: { realm: 'main', address, port: 25 },
      ...(login === undefined ? {} : { login }),
    })
  for (let i = 0; i < 20; i++)
    assert.equal(said(await from('192.0.2.80', `user${i}@isp.example`)), 'accept', `user ${i}`)
  for (const address of ['127.0.0.1', '127.8.9.10', '::1'])
    for (let i = 0; i < 4; i++) assert.equal(said(await from(address)), 'accept', address)
  const [first, second, third] = [
    await from('192.0.2.81', LOGIN),
    await from('198.51.100.9', LOGIN),
    await from('203.0.113.9', LOGIN),
  ]
  assert.deepEqual([first, second, third].map(said), ['accept', 'accept', HELD], 'each their own')
})

test('recipients without a name count by their number', async () => {
  const step = { recipients: [], recipientCount: 3 }
  assert.deepEqual(await sending({ recipientsPerHour: 9 }, step), THREE)
})

test('what waits says which limit it is over, and by how much', async () => {
  const rule = limits('enforce', { consumer: { ...WIDE, recipientsPerDay: 5 } } as never)
  const one = judging([rule])
  const sent = { at: 0, listener: 'submission', login: LOGIN } as const
  await one.message({ ...sent, recipients: ['a@x.example', 'b@x.example', 'c@x.example'] })
  const verdict = await one.message({
    ...sent,
    recipients: ['d@x.example', 'e@x.example', 'f@x.example'],
  })
  assert.match(
    JSON.stringify(verdict),
    /limit of a mail account is 5 recipients within a day; 3 before this message, and 3 with it/,
  )
})
