import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomNames } from '../../drivers/names/random-names.ts'
import { originalOf } from './original.ts'
import { referenced, referenceOf } from './reference.ts'

const SECRET = 'a secret of ours'

test('a reference leads back to its message, of every queue id, and only with our key', () => {
  const names = randomNames()
  const ids = [
    '0000000000000000',
    'ZZZZZZZZZZZZZZZZ',
    ...Array.from({ length: 500 }, names.message),
  ]
  for (const id of ids) {
    const reference = referenceOf(id, SECRET) ?? ''
    assert.match(reference, /^v1\.[0-9A-Za-z_-]{22}$/)
    assert.equal(referenced(reference, SECRET), id)
    assert.equal(referenced(reference, 'another secret'), undefined)
    assert.ok(!reference.includes(id.slice(0, 6)), 'it does not show when the message came')
  }
})

test('what is made up or changed is seen', () => {
  const reference = referenceOf('1M3K7Q2Z9ABCDEFG', SECRET) ?? ''
  for (let at = 3; at < reference.length - 1; at++) {
    const letter = reference[at] === 'A' ? 'B' : 'A'
    const changed = `${reference.slice(0, at)}${letter}${reference.slice(at + 1)}`
    assert.equal(referenced(changed, SECRET), undefined, changed)
  }
  for (const made of [
    '',
    'v1.',
    'v2' + reference.slice(2),
    `${reference}A`,
    `v1.${'A'.repeat(22)}`,
  ])
    assert.equal(referenced(made, SECRET), undefined, made)
})

test('a name that is no queue id has none', () => {
  for (const id of ['M1', '', '1M3K7Q2Z9ABCDEF', '1M3K7Q2Z9ABCDEFU', '1m3k7q2z9abcdefg'])
    assert.equal(referenceOf(id, SECRET), undefined, id)
})

test('the reader of reports takes it for one', () => {
  const reference = referenceOf('1M3K7Q2Z9ABCDEFG', SECRET) ?? ''
  const field = { name: 'x-cordon-ref', value: reference, raw: '' }
  assert.deepEqual(originalOf([field] as never, 'mx.isp.example').references, [reference])
})
