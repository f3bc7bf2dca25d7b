import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTodaysWords } from './former-words.ts'

test('words of an older journal are today’s, and what people wrote stays as it is', () => {
  const old = {
    kind: 'judged',
    listener: 'turned-round',
    rule: 'manners',
    reason: 'bad-manners',
    manners: ['pipelining'],
    bits: ['content'],
    found: 'he said "turn-round" of "manners": "bits":[',
  }
  assert.deepEqual(JSON.parse(inTodaysWords(JSON.stringify(old))), {
    kind: 'judged',
    listener: 'redirected',
    rule: 'protocol-violation',
    reason: 'protocol-violation',
    violations: ['pipelining'],
    kinds: ['content'],
    found: old.found,
  })
  const today = JSON.stringify({ kind: 'link-auth', ok: true })
  assert.equal(inTodaysWords(today), today)
})
