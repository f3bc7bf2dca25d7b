import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReadingTurn } from '../../ports/readings.ts'
import { ListingTurns } from './listing-turns.ts'

const one = (name: string, lane: ReadingTurn['lane'], from: string, size = 1) => ({
  name,
  size,
  turn: { lane, from },
})
const turns = (room = { waiting: 100, bytes: 1000 }) =>
  new ListingTurns<ReturnType<typeof one>>(room)
const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name)

test('who took the thread for long waits for everybody who did not', () => {
  const queue = turns()
  const slow = one('slow', 'rest', 'net 1')
  queue.add(slow)
  assert.equal(queue.next(), slow)
  queue.took(slow, 3000)
  for (let i = 0; i < 20; i++) queue.add(one(`slow ${i}`, 'rest', 'net 1'))
  queue.add(one('honest', 'rest', 'net 2'))
  queue.add(one('other', 'rest', 'net 3'))
  assert.deepEqual(
    [queue.next(), queue.next(), queue.next()].map(next => next?.name),
    ['honest', 'other', 'slow 0'],
  )
  for (let minutes = 0; minutes < 12; minutes++) queue.forgive()
  queue.add(one('late', 'rest', 'net 4'))
  assert.equal(queue.next()?.name, 'slow 1', 'all is forgiven')
})

test('our own people go first, but for every eighth turn', () => {
  const queue = turns()
  for (let i = 0; i < 5; i++) queue.add(one('stranger', 'rest', `net ${i}`))
  for (let i = 0; i < 20; i++) queue.add(one('ours', 'first', `line ${i}`))
  const order = Array.from({ length: 16 }, () => queue.next()?.name)
  const seven = Array.from({ length: 7 }, () => 'ours')
  assert.deepEqual(order, [...seven, 'stranger', ...seven, 'stranger'])
})

test('strangers leave room; the sender with the most waiting gives way with what came last', () => {
  const queue = turns({ waiting: 8, bytes: 1000 })
  const sent: string[] = []
  for (let i = 0; i < 7; i++) sent.push(...names(queue.add(one(`flood ${i}`, 'rest', 'net 1'))))
  assert.deepEqual(sent, ['flood 6'])
  assert.deepEqual(names(queue.add(one('honest', 'rest', 'net 2'))), ['flood 5'])
  for (const i of [1, 2]) assert.deepEqual(queue.add(one(`ours ${i}`, 'first', 'line')), [])
  assert.deepEqual(names(queue.add(one('ours 3', 'first', 'line'))), ['flood 4'])
})

test('bytes have a bound, too', () => {
  const queue = turns()
  assert.deepEqual(names(queue.add(one('too large', 'rest', 'net 1', 751))), ['too large'])
  assert.deepEqual(queue.add(one('ours', 'first', 'line', 751)), [])
  assert.deepEqual(names(queue.add(one('small', 'first', 'line 2', 300))), ['ours'])
  assert.equal(queue.size, 1)
})
