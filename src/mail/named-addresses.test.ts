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

test('nor is one hidden from us by a spelling that programs undo', () => {
  for (const text of [
    'Reply-To: "never.given"@isp.example',
    'Reply-To: "never\\.given"@isp.example',
    'Reply-To: never.given (shop)@isp.example',
    'Reply-To: never.given@(a (nested) comment)isp.example',
    'Reply-To: <never.given @ isp.example>',
    'Reply-To: never.given@\r\n isp.example',
    'Cc: never.given@isp . example',
    'Cc: never.given@isp(.).(x)example',
    'Reply-To: never.given@isp\u3002example',
    'Reply-To: never.given@\uff49\uff53\uff50\uff61example',
    'Reply-To: never.given@is\u00adp.exa\u200bmple',
    '<a href="mailto:&#37;6eever.given@isp.example">',
    '<a href="mailto:&percnt;6Eever.given@isp.example">',
    '<a href="mailto:nev&Tab;er.given@isp.example">',
    '<a href="mailto:never.given@i\tsp.\r\nexample">',
    `never.given&#${'0'.repeat(50)}64;isp.example`,
    `never.given&#x${'0'.repeat(50)}40;isp.example`,
    'write to nev<b title="@"></b>er.given@isp.example',
    [...'never.given@isp.example'].join('\0'),
  ])
    assert.deepEqual(named(text), ['never.given@isp.example'], text)
})

test('however far they are from each other, all are found', () => {
  const far = 'lovely holidays, '.repeat(500)
  assert.deepEqual(
    named(`${far}never.given@isp.example ${far} x@y.example ${far}bought@isp.example`),
    ['never.given@isp.example', 'bought@isp.example'],
  )
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

test('the worst texts cost no more looks than they have signs, in each reading', () => {
  for (const text of [
    '@',
    'a@',
    `${'.'.repeat(64)}@b`,
    '%40',
    '&#64;',
    '(@',
    '<a@',
    ' @',
    `${'a'.repeat(300)}@`,
  ]) {
    const whole = text.repeat(Math.ceil(100_000 / text.length))
    let looks = 0
    namedAddresses(whole, () => {
      looks++
      return false
    })
    assert.ok(looks <= whole.length * 2 * 4, `${text.slice(0, 10)}: ${looks}`)
  }
})

test('nor is one hidden by marks, or by many addresses that are not ASCII', () => {
  const marks = '\u0315'.repeat(1000) + '\u0323'.repeat(1000)
  assert.deepEqual(named(`a@${marks} never.given@isp.example`), ['never.given@isp.example'])
  assert.deepEqual(named(`never.given@\uff49sp.example ${marks}`), ['never.given@isp.example'])
  assert.deepEqual(named(`${'@\u00fc'.repeat(60_000)} never.given@isp.example`), [
    'never.given@isp.example',
  ])
})
