import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normalForm, streamSafe } from './normal-form.ts'

const MARKS = '\u0315\u0323'

test('what people write is normalised', () => {
  assert.equal(normalForm('u\u0308', 'NFC'), '\u00fc')
  assert.equal(normalForm('\u00fc', 'NFD'), 'u\u0308')
  assert.equal(normalForm('\uff41', 'NFKC'), 'a')
  assert.equal(normalForm('', 'NFC'), '')
})

test('thirty marks in a row occur in some language, thirty-one in none', () => {
  const most = `a${MARKS.repeat(15)}`
  assert.equal(normalForm(most.repeat(3), 'NFC'), most.repeat(3).normalize('NFC'))
  assert.equal(normalForm(`${most}\u0315`, 'NFC'), undefined)
  assert.equal(normalForm(`a${'\u{1d165}'.repeat(31)}`, 'NFC'), undefined)
  assert.equal(normalForm(`${'\uff9e'.repeat(20)}${'\u0315'.repeat(20)}`, 'NFKC'), undefined)
})

test('of a longer run the first thirty stay, and what stands behind it', () => {
  assert.equal(
    streamSafe(`a${MARKS.repeat(500)}b${'\u{1d165}'.repeat(40)}c`),
    `a${MARKS.repeat(15)}b${'\u{1d165}'.repeat(30)}c`,
  )
  assert.equal(streamSafe('\u0315'.repeat(100)), '\u0315'.repeat(30))
  const plain = 'anna@isp.example \u{1f600} u\u0308 \ud800'
  assert.equal(streamSafe(plain), plain)
})

test('nothing else decomposes into something that begins with a mark, or ends with many', () => {
  for (let code = 0; code < 0x110000; code++) {
    const one = String.fromCodePoint(code)
    if (normalForm(one.repeat(31), 'NFC') === undefined) {
      assert.ok([...one.normalize('NFKD')].length <= 3, one)
      continue
    }
    const shown = [...one.normalize('NFKD')]
    // Thai and Lao AM: what it begins with is a starter.
    const first = ['\u0e4d', '\u0ecd'].includes(shown[0] as string) ? shown.slice(1) : shown
    assert.ok(!/^\p{M}/u.test(first.join('')), `U+${code.toString(16)} begins with one`)
    assert.ok(!/\p{M}{4}$/u.test(one.normalize('NFKD')), `U+${code.toString(16)} ends with four`)
  }
})
