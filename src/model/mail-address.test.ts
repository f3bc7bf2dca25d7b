import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMailAddress } from './mail-address.ts'

test('mailboxes are told from what only looks like one', () => {
  assert.deepEqual(parseMailAddress('Anna.Ek@Example.ORG'), {
    local: 'Anna.Ek',
    domain: 'example.org',
  })
  assert.ok(parseMailAddress('"a b"@example.org'))
  assert.ok(parseMailAddress('x@[192.0.2.1]'))
  for (const bad of [
    '',
    'anna',
    '@example.org',
    'a@',
    'a..b@x.org',
    'a b@x.org',
    'a@-x.org',
    'a@x..org',
  ])
    assert.equal(parseMailAddress(bad), undefined, bad)
  assert.equal(parseMailAddress(`${'a'.repeat(65)}@x.org`), undefined)
  assert.equal(parseMailAddress('a\r\n@x.org'), undefined)
})
