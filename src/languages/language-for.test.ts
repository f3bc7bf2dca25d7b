import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageFor } from './language-for.ts'

const server = 'fr'

test('a page is in the language of its customer, else in the browser’s, else in the server’s', () => {
  assert.equal(languageFor({ customer: 'de-AT', accept: 'fr', server }), 'de')
  assert.equal(languageFor({ accept: 'sv, de;q=0.5, en;q=0.9', server }), 'en')
  assert.equal(languageFor({ accept: 'de;q=0, sv', server }), 'fr')
  assert.equal(languageFor({ server }), 'fr')
})

test('what its reader chose counts first; English by default asks the browser', () => {
  assert.equal(languageFor({ chosen: 'en', customer: 'de', accept: 'fr', server }), 'en')
  assert.equal(languageFor({ customer: 'en', accept: 'de-CH,de;q=0.9', server }), 'de')
  assert.equal(languageFor({ customer: 'en', server }), 'en')
  assert.equal(languageFor({ chosen: 'xx', customer: 'de', server }), 'de')
})

test('no header is too odd to be answered', () => {
  for (const accept of ['', ',;,', ';q=', 'de;q=x', 'q=1', '*', 'de,'.repeat(50_000), '\u0000'])
    assert.ok(languageFor({ accept, server }), accept.slice(0, 20))
})
