import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalIds } from './refusal-id.ts'

const AT = Date.UTC(2026, 10, 21, 12)

test('a name tells when it was, is never given twice, and cannot be guessed', () => {
  const ids = refusalIds('secret')
  const made = Array.from({ length: 1000 }, () => ids.make(AT))
  assert.equal(new Set(made).size, 1000)
  for (const id of made) {
    assert.match(id, /^[0-9a-z]{19}$/)
    assert.equal(ids.read(id), AT)
  }
  const [id = ''] = made
  for (const wrong of [
    '',
    'x',
    id.slice(1),
    `${id}0`,
    id.replace(/.$/, one => (one === '0' ? '1' : '0')),
  ])
    assert.equal(ids.read(wrong), undefined, wrong)
  assert.equal(refusalIds('other').read(id), undefined)
})
