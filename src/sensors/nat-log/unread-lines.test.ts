import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unreadLines } from './unread-lines.ts'

const NAT = '192.0.2.1'

test('a NAT of whose lines none fits is told of, with the last one', () => {
  const unread = unreadLines()
  for (let i = 0; i < 19; i++) unread.hear(NAT, `CGN: block ${i}`, false)
  assert.deepEqual(unread.worries(), [])
  unread.hear(NAT, `CGN: ${'x'.repeat(500)}`, false)
  const [worry, ...more] = unread.worries()
  assert.deepEqual(more, [])
  assert.equal(worry?.about, NAT)
  assert.match(worry?.words ?? '', /^none of 20 lines .*: CGN: x{75}$/)
})

test('one that logs other things, too, is not', () => {
  const unread = unreadLines()
  for (let i = 0; i < 1000; i++) unread.hear(NAT, 'interface up', i === 500)
  assert.deepEqual(unread.worries(), [])
})
