import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleOf, shinglesOf } from './shingles.ts'

const FORM = 'Thank you for registering with our club. Please confirm by answering this mail.'
const shared = (one: string, other: string) => {
  const theirs = new Set(shinglesOf(other))
  return shinglesOf(one).filter(each => theirs.has(each)).length
}

test('letters of one template have phrases in common, however much a visitor writes into them', () => {
  for (const length of [1, 10, 10_000]) {
    const [first, second] = ['apples and pears ', 'boats on the lake '].map(
      words => `Dear visitor, ${words.repeat(length)} ${FORM}`,
    )
    assert.ok(shared(first ?? '', second ?? '') >= 3, `${length}`)
  }
})

test('two letters of a person have none, and a few words are no phrase', () => {
  assert.equal(shared(FORM, 'The plumber comes on Thursday morning, please let him in'), 0)
  assert.deepEqual(shinglesOf('Good morning'), [])
  assert.deepEqual(shinglesOf(''), [])
})

test('what is kept has an end, and is the same of every text', () => {
  const long = Array.from(
    { length: 50_000 },
    (_, i) => `word${String.fromCharCode(97 + (i % 26))}${'x'.repeat(i % 7)}`,
  )
  const all = shinglesOf(long.join(' '))
  assert.ok(all.length <= 128)
  for (const one of sampleOf(all)) assert.ok(all.includes(one))
})
