import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../model/duration.ts'
import { srs } from './srs.ts'

const AT = Date.UTC(2026, 10, 21)
const ours = srs('isp.example', 'secret')

test('a forwarded sender is ours, and its bounce finds the way back', () => {
  const rewritten = ours.forward('Ann.B+c@meadow.example', AT)
  assert.match(rewritten, /^SRS0=[0-9a-f]{8}=[A-Z2-7]{2}=meadow\.example=Ann\.B\+c@isp\.example$/)
  assert.equal(ours.reverse(rewritten, AT), 'Ann.B+c@meadow.example')
  assert.equal(ours.reverse(rewritten, AT + 20 * DAY), 'Ann.B+c@meadow.example')
  assert.equal(ours.reverse(rewritten.toLowerCase(), AT), 'ann.b+c@meadow.example')
})

test('nobody else can write such an address, nor use an old one', () => {
  const rewritten = ours.forward('ann@meadow.example', AT)
  assert.equal(ours.reverse(rewritten.replace('=ann@', '=bob@'), AT), undefined)
  assert.equal(ours.reverse(rewritten.replace('meadow', 'copper'), AT), undefined)
  assert.equal(srs('isp.example', 'other').reverse(rewritten, AT), undefined)
  assert.equal(ours.reverse(rewritten, AT + 22 * DAY), undefined)
  assert.equal(ours.reverse('SRS0=x@isp.example', AT), undefined)
  assert.equal(ours.reverse('ann@isp.example', AT), undefined)
})

test('forwarded twice and three times: back to the first forwarder, who knows the rest', () => {
  const first = srs('a.example', 'a').forward('ann@meadow.example', AT)
  const second = srs('b.example', 'b').forward(first, AT)
  assert.match(second, /^SRS1=[0-9a-f]{8}=a\.example==.*@b\.example$/)
  assert.equal(srs('b.example', 'b').reverse(second, AT), first)
  const third = srs('c.example', 'c').forward(second, AT)
  assert.equal(srs('c.example', 'c').reverse(third, AT), first)
})

test('the null sender stays, and what would become too long', () => {
  assert.equal(ours.forward('', AT), '')
  const long = `${'x'.repeat(40)}@meadow.example`
  assert.equal(ours.forward(long, AT), long)
})
