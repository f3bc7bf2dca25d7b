import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namedAddresses } from './named-addresses.ts'

const wanted = new Set(['never.given@isp.example', 'bought@isp.example'])
const named = (text: string) => namedAddresses(text, address => wanted.has(address))

test('an address is found however it stands in a text', () => {
  for (const text of [
    'never.given@isp.example',
    'Reply-To: Shop <Never.Given@ISP.example>',
    'List-Unsubscribe: <mailto:never.given@isp.example?subject=off>',
    'Please write to never.given@isp.example.',
    '<a href="mailto:never.given%40isp.example">',
    '<a href="https://x.example/?to=%3Cnever.given@isp.example%3E">',
    'never.given&#64;isp.example',
    'never.given&#x40;isp&period;example',
    "'never.given@isp.example'",
    'To=never.given@isp.example,other@x.example',
  ])
    assert.deepEqual(named(text), ['never.given@isp.example'], text)
})

test('each is told once, and others are not', () => {
  assert.deepEqual(named('bought@isp.example never.given@isp.example, BOUGHT@isp.example'), [
    'bought@isp.example',
    'never.given@isp.example',
  ])
  for (const text of [
    'not.never.given@isp.example',
    'never.given@isp.example.org',
    '@',
    'a@',
    '@b',
  ])
    assert.deepEqual(named(text), [], text)
})

test('the worst texts cost no more looks than they have signs', () => {
  for (const text of ['@', 'a@', `${'.'.repeat(64)}@b`, '%40', '&#64;', `${'a'.repeat(300)}@`]) {
    const whole = text.repeat(Math.ceil(100_000 / text.length))
    let looks = 0
    namedAddresses(whole, () => {
      looks++
      return false
    })
    assert.ok(looks <= whole.length * 2, `${text.slice(0, 10)}: ${looks}`)
  }
})
