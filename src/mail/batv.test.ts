import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../model/duration.ts'
import { parseMailAddress } from '../model/mail-address.ts'
import { batv, withoutTag } from './batv.ts'

const tags = batv('secret')
const { tag, isOurs } = tags
const NOW = Date.UTC(2026, 10, 21, 12)
const ANNA = 'anna@isp.example'

test('a tag is ours for a week, in any case of letters, and the same for every try', () => {
  const tagged = tag(ANNA, NOW)
  assert.match(tagged, /^prvs=0\d{3}[0-9a-f]{6}=anna@isp\.example$/)
  assert.equal(withoutTag(tagged), ANNA)
  assert.equal(tag(ANNA, NOW + 1000), tagged)
  for (const days of [0, 1, 6.4]) assert.ok(isOurs(tagged, NOW + days * DAY), String(days))
  assert.ok(isOurs(tagged.toUpperCase(), NOW))
  assert.ok(!isOurs(tagged, NOW + 8 * DAY))
  // Over the end of the thousand days.
  const late = Math.ceil(NOW / (1000 * DAY)) * 1000 * DAY - DAY
  assert.ok(isOurs(tag(ANNA, late), late + 3 * DAY))
})

test('another sender cannot write one', () => {
  const tagged = tag(ANNA, NOW)
  assert.ok(!isOurs(tagged.replace('anna', 'bert'), NOW))
  assert.ok(
    !isOurs(
      tagged.replace(/.(?==anna)/, digit => (digit === '0' ? '1' : '0')),
      NOW,
    ),
  )
  assert.ok(!isOurs(batv('other').tag(ANNA, NOW), NOW))
  for (const other of [ANNA, '', 'prvs==x@y', 'prvs=0000zzzzzz=x@y']) {
    assert.ok(!isOurs(other, NOW), other)
    assert.equal(withoutTag(other), undefined)
  }
})

test('what has no sender, a tag already, or no room stays as it is', () => {
  for (const sender of ['', tag(ANNA, NOW), `${'x'.repeat(60)}@isp.example`])
    assert.equal(tag(sender, NOW), sender)
})

test('there is room for a tag in front of 48 characters', () => {
  const [short = '', long = ''] = [48, 49].map(length => `${'x'.repeat(length)}@isp.example`)
  assert.equal(tag(short, NOW).indexOf('@'), 64)
  assert.ok(isOurs(tag(short, NOW), NOW))
  assert.deepEqual([tags.fits(short), tags.fits(long), tag(long, NOW)], [true, false, long])
})

test('what must be quoted is quoted as a whole, there and back', () => {
  for (const sender of ['"a b"@isp.example', '"a\\"b@c"@isp.example']) {
    const tagged = tag(sender, NOW)
    assert.match(tagged, /^"prvs=.*"@isp\.example$/)
    assert.ok(parseMailAddress(tagged), tagged)
    assert.equal(withoutTag(tagged), sender)
    assert.ok(isOurs(tagged, NOW))
    assert.equal(tag(tagged, NOW), tagged)
  }
  assert.equal(tag(`"${'x'.repeat(45)} "@isp.example`, NOW).indexOf('@'), 64)
})
