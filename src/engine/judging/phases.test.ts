import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judging, said } from '../../../test/support/judging.ts'
import { access } from '../../core/policy/access.ts'
import { relay } from '../../core/policy/relay.ts'
import { spf } from '../../core/policy/spf.ts'
import { both } from './phases.ts'

test('what is left to another server stays left to it, whatever an access list says', async () => {
  const partner = { match: { sender: ['@meadow.example'] }, action: 'accept' } as const
  const rules = [
    access('enforce', { entries: [partner], groups: {} }),
    relay('enforce', address => address.endsWith('@isp.example')),
    spf('enforce'),
  ]
  const { rcpt } = judging(rules, async ({ about }) =>
    about === 'spf'
      ? { about, value: { result: 'fail', domain: 'meadow.example' } }
      : { about, failed: 'nobody asks this' },
  )
  const out = { recipient: 'bob@copper.example' }
  assert.equal(said(await rcpt(out)), 'reject relay-denied')
  assert.equal(said(await rcpt({ ...out, skipRules: ['relay'] })), 'accept')
  assert.equal(said(await rcpt({ sender: 'a@tin.example' })), 'reject spf-fail')
})

test('two of them together leave out what either does', () => {
  assert.equal(both(undefined, undefined), undefined)
  assert.deepEqual(both(['relay'], 'strangers'), ['relay', 'strangers'])
  assert.deepEqual(both(undefined, 'strangers'), ['strangers'])
  assert.deepEqual(both(['relay'], undefined), ['relay'])
})

test('mail to the postmaster is accepted from every sender', async () => {
  const { rcpt, message } = judging([spf('enforce')], async () => ({
    about: 'spf',
    value: { result: 'fail', domain: 'meadow.example' },
  }))
  for (const recipient of ['postmaster@isp.example', 'Abuse@isp.example', 'postmaster'])
    assert.equal(said(await rcpt({ recipient })), 'accept', recipient)
  for (const recipient of ['postmasters@isp.example', 'bert@isp.example'])
    assert.equal(said(await rcpt({ recipient })), 'reject spf-fail', recipient)
  assert.equal(said(await message()), 'accept')
})
