import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fact, judging, said } from '../../../test/support/judging.ts'
import { DAY } from '../../model/duration.ts'
import type { Lookups } from '../../ports/lookups.ts'
import { rogueDomain } from './rogue-domain.ts'

const rule = rogueDomain('enforce', { widest: 2 ** 24, swarm: 20, newFor: 7 * DAY })
const ROGUE = 'reject rogue-domain'

const ask: Lookups['ask'] = async question =>
  question.about === 'spf-breadth'
    ? fact('spf-breadth', question.domain === 'open.example' ? 2 ** 32 : 65_536)
    : { about: question.about, failed: 'nobody asks this' }

test('a domain that lets every server send for it is refused; a large provider is not; a bounce has no domain', async () => {
  const { rcpt } = judging([rule], ask)
  assert.equal(said(await rcpt({ sender: 'a@open.example' })), ROGUE)
  assert.equal(said(await rcpt({ sender: 'a@big.example' })), 'accept')
  assert.equal(said(await rcpt({ sender: '' })), 'accept')
  assert.equal(said(await judging([rule]).rcpt({ sender: 'a@open.example' })), 'accept', 'no DNS')
})

test('a swarm of subdomains of a new domain is refused, not of one that has long been known', async () => {
  const { rcpt } = judging([rule], ask)
  const sender = (i: number, domain = 'new.example') => ({ sender: `a@s${i}.${domain}` })
  for (let i = 0; i < 20; i++) assert.equal(said(await rcpt(sender(i))), 'accept')
  assert.equal(said(await rcpt(sender(20))), ROGUE)
  assert.equal(said(await rcpt({ sender: 'a@other.example' })), 'accept', 'new alone is nothing')
  const old = judging([rule], ask)
  await old.rcpt({ at: 0, sender: 'a@old.example' })
  for (let i = 0; i < 40; i++)
    assert.equal(said(await old.rcpt({ at: 30 * DAY, ...sender(i, 'old.example') })), 'accept')
})

test('customers of a host of many are not one organisation', async () => {
  const { rcpt } = judging([rule], ask)
  for (let i = 0; i < 40; i++)
    assert.equal(said(await rcpt({ sender: `a@shop${i}.github.io` })), 'accept')
})
