import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE, SECOND } from '../../model/duration.ts'
import { ToldAgain } from './told-again.ts'

test('the same words are told once a minute, with how often they came', () => {
  let now = 0
  const again = new ToldAgain(() => now)
  const heard = Array.from({ length: 181 }, (_, second) => {
    now = second * SECOND
    return again.hear('no such file')
  })
  const told = heard.flatMap((count, second) => (count === undefined ? [] : [[second, count]]))
  assert.deepEqual(told, [
    [0, 0],
    [60, 59],
    [120, 59],
    [180, 59],
  ])
})

test('other words are told at once', () => {
  const again = new ToldAgain(() => 0)
  assert.deepEqual(
    ['a', 'b', 'a', 'c'].map(words => again.hear(words)),
    [0, 0, undefined, 0],
  )
})

test('of ever new words the first are forgotten, and told as new ones', () => {
  let now = 0
  const again = new ToldAgain(() => now)
  for (let i = 0; i < 5000; i++) assert.equal(again.hear(`message ${i}`), 0)
  now = MINUTE - 1
  assert.equal(again.hear('message 0'), 0)
  assert.equal(again.hear('message 4999'), undefined)
})
