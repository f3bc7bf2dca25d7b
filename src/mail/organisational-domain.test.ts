import assert from 'node:assert/strict'
import { test } from 'node:test'
import { organisationalDomain } from './organisational-domain.ts'

test('the holder of it holds all below it', () => {
  for (const [name, domain] of [
    ['mail.example.org', 'example.org'],
    ['a.b.Example.CO.UK', 'example.co.uk'],
    ['example.org', 'example.org'],
    ['shop.github.io', 'shop.github.io'],
    ['a.shop.github.io', 'shop.github.io'],
    ['co.uk', 'co.uk'],
    ['localhost', 'localhost'],
    ['192.0.2.1', '192.0.2.1'],
    ['', ''],
  ] as const)
    assert.equal(organisationalDomain(name), domain, name)
})
