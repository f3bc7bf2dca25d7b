import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../model/duration.ts'
import { canonicalAddress, parseMailAddress } from '../model/mail-address.ts'
import { srs } from './srs.ts'

const AT = Date.UTC(2026, 10, 21)
const ours = srs('isp.example', 'secret')
const written = (sender: string, by = ours) => by.forward(sender, AT) ?? ''

test('a forwarded sender is ours, and its bounce finds the way back', () => {
  const rewritten = written('Ann.B+c@meadow.example')
  assert.match(rewritten, /^SRS0=[0-9a-f]{8}=[A-Z2-7]{2}=meadow\.example=Ann\.B\+c@isp\.example$/)
  assert.equal(ours.reverse(rewritten, AT), 'Ann.B+c@meadow.example')
  assert.equal(ours.reverse(rewritten, AT + 20 * DAY), 'Ann.B+c@meadow.example')
  assert.equal(ours.reverse(rewritten.toLowerCase(), AT), 'ann.b+c@meadow.example')
})

test('a sender without a local part, and its bounce, go there and back', () => {
  const rewritten = written('""@meadow.example')
  assert.equal(ours.reverse(rewritten, AT), '""@meadow.example')
})

test('another sender can neither write such an address nor use an old one', () => {
  const rewritten = written('ann@meadow.example')
  assert.equal(ours.reverse(rewritten.replace('=ann@', '=bob@'), AT), undefined)
  assert.equal(ours.reverse(rewritten.replace('meadow', 'copper'), AT), undefined)
  assert.equal(srs('isp.example', 'other').reverse(rewritten, AT), undefined)
  assert.equal(ours.reverse(rewritten, AT + 22 * DAY), undefined)
  assert.equal(ours.reverse('SRS0=x@isp.example', AT), undefined)
  assert.equal(ours.reverse('ann@isp.example', AT), undefined)
})

test('forwarded twice and three times: back to the first forwarder, who knows the rest', () => {
  const first = written('ann@meadow.example', srs('a.example', 'a'))
  const second = written(first, srs('b.example', 'b'))
  assert.match(second, /^SRS1=[0-9a-f]{8}=a\.example==.*@b\.example$/)
  assert.equal(srs('b.example', 'b').reverse(second, AT), first)
  const third = written(second, srs('c.example', 'c'))
  assert.equal(srs('c.example', 'c').reverse(third, AT), first)
})

test('the null sender stays; what would become too long is not written', () => {
  assert.equal(ours.forward('', AT), '')
  const long = `${'x'.repeat(40)}@meadow.example`
  assert.equal(ours.forward(long, AT), undefined)
})

test('what must be quoted is quoted as a whole, there and back', () => {
  for (const sender of [
    '"a b"@meadow.example',
    '"a\\"b@c"@meadow.example',
    'ann@[192.0.2.1]',
    'ann@[ipv6:2001:db8::1]',
  ]) {
    const rewritten = written(sender)
    assert.match(rewritten, /^"SRS0=.*"@isp\.example$/, sender)
    assert.equal(canonicalAddress(rewritten), rewritten)
    assert.ok(parseMailAddress(rewritten), rewritten)
    assert.equal(ours.reverse(rewritten, AT), sender)
  }
  const first = written('"a b"@meadow.example', srs('a.example', 'a'))
  const second = written(first, srs('b.example', 'b'))
  assert.match(second, /^"SRS1=[0-9a-f]{8}=a\.example==.*"@b\.example$/)
  assert.equal(srs('b.example', 'b').reverse(second, AT), first)
  const third = written(second, srs('c.example', 'c'))
  assert.equal(srs('c.example', 'c').reverse(third, AT), first)
  assert.equal(ours.forward(`"${'x'.repeat(30)} "@meadow.example`, AT), undefined)
})
