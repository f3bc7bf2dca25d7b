import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sayFailed, sayJson } from './in-json.ts'

function said(t: TestContext, to: 'log' | 'error', speak: () => void): string {
  const before = process.exitCode
  const heard = t.mock.method(console, to, () => undefined)
  speak()
  process.exitCode = before
  return String(heard.mock.calls[0]?.arguments[0])
}

test('what a stranger says commands no terminal: neither in an error nor in JSON', t => {
  const evil = '554 \x1b]0;owned\x07 \u009b31m \u202eexe'
  const error = said(t, 'error', () => sayFailed(false, `one\n${evil}`, 69))
  assert.equal(error, 'one\n554 \\x1b]0;owned\\x07 \\x9b31m \\x202eexe')
  const json = said(t, 'log', () => sayJson({ evil }))
  assert.doesNotMatch(json.replaceAll('\n', ''), /[\p{Cc}\u202e]/u)
  assert.deepEqual(JSON.parse(json), { evil })
})
