import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributed, judging, RCPT, said } from '../../../test/support/judging.ts'
import type { AttributedStep, ListenerKind } from '../../model/step.ts'
import type { Sureness } from '../../model/lease.ts'
import { loginRequired } from './login-required.ts'

const rule = loginRequired('enforce')
const mail = (listener: ListenerKind, more: Partial<AttributedStep> = {}) =>
  rule.decide(
    { ...attributed({ ...RCPT, listener, stage: 'mail' }), ...more },
    {
      facts: [],
      readings: [],
    },
  )
const from = (sure: Sureness, subscriber?: string) => ({
  who: { ...RCPT.client, sure, ...(subscriber === undefined ? {} : { subscriber }) },
})

test('a trusted network takes mail of lines that surely are ours, and no other mail', () => {
  assert.equal(mail('trusted-network', from('certain', 'anna')), undefined)
  for (const [who, about] of [
    [from('unknown'), 'a stranger'],
    [from('ambiguous', 'anna'), 'one of several homes'],
    [from('certain'), 'no customer'],
  ] as const)
    assert.deepEqual(
      mail('trusted-network', who),
      { kind: 'reject', reason: 'relay-denied' },
      about,
    )
})

test('submission takes mail of logins; a redirected client is deferred until it logs in', async () => {
  assert.deepEqual(mail('submission'), { kind: 'reject', reason: 'login-required' })
  assert.deepEqual(mail('redirected'), { kind: 'defer', reason: 'redirected' })
  assert.equal(mail('submission', { login: 'anna@isp.example' }), undefined)
  // Strangers have no login, and need none.
  assert.equal(said(await judging([rule]).rcpt()), 'accept')
})
