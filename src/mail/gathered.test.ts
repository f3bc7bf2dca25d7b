import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gathered } from './gathered.ts'

test('what came in pieces is there in one', () => {
  const gathered = new Gathered()
  for (const piece of ['a', '', 'bc', 'defg']) gathered.add(Buffer.from(piece))
  assert.equal(gathered.bytes().toString(), 'abcdefg')
  assert.equal(gathered.bytes(3).toString(), 'abc')
  gathered.drop(3)
  gathered.add(Buffer.from('h'))
  assert.equal(gathered.bytes().toString(), 'defgh')
  gathered.drop()
  assert.equal(gathered.length, 0)
})

test('what was given out stays what it was', () => {
  const gathered = new Gathered()
  gathered.add(Buffer.from('abc'))
  const given = gathered.bytes()
  gathered.drop()
  for (let i = 0; i < 100; i++) gathered.add(Buffer.from('x'))
  assert.equal(given.toString(), 'abc')
})

test('it has twice the room at most, and none of its own for what is gone', () => {
  const gathered = new Gathered()
  for (let i = 0; i < 100_000; i++) gathered.add(Buffer.from('x'))
  assert.ok(gathered.bytes().buffer.byteLength <= 200_000)
  gathered.drop(99_999)
  gathered.add(Buffer.alloc(200_000))
  assert.ok(gathered.bytes().buffer.byteLength <= 200_001)
})
