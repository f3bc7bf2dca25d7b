import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { DoubledKey, parseJson } from './json.ts'

test('what JSON.parse reads is read alike, whatever stands in its texts', () => {
  fc.assert(
    fc.property(fc.json(), text => assert.deepEqual(parseJson(text), JSON.parse(text))),
    { numRuns: 300 },
  )
  for (const text of [
    '[{"a":1},{"a":2}]',
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '{"a":"\\"a\\":","b":["a","a","a"],"A":1}',
    String.raw`{"a\\":1,"a":"\\","a\"":{}}`,
    '"a"',
    ' {} ',
  ])
    assert.deepEqual(parseJson(text), JSON.parse(text), text)
})

test('a key that stands twice in one object is refused, with its name and place', () => {
  for (const [text, key, place] of [
    ['{"a":1,"a":1}', 'a', 'line 1, column 8'],
    ['{"a":1,"b":2,\n  "a" \t: 3}', 'a', 'line 2, column 3'],
    ['{"x":[{"b":{"a":1},"c":"}","b":2}]}', 'b', 'line 1, column 28'],
    [String.raw`{"a":1,"\u0061":2}`, 'a', 'line 1, column 8'],
    ['{"__proto__":1,"__proto__":2}', '__proto__', 'line 1, column 16'],
    ['{"":1,"":2}', '', 'line 1, column 7'],
  ] as const)
    assert.throws(() => parseJson(text), {
      name: 'DoubledKey',
      message: `The key "${key}" stands twice in one object, again in ${place}. Write each key once.`,
    })
})

test('a key is told in a few letters that do nothing to a terminal', () => {
  const key = `\u{202e}\u001b${'x'.repeat(1000)}`
  const text = `{${JSON.stringify(key)}:1,${JSON.stringify(key)}:2}`
  assert.throws(
    () => parseJson(text),
    (error: unknown) =>
      error instanceof DoubledKey &&
      error.message.includes(String.raw`"\u202e\u001bxxx`) &&
      /^[\x20-\x7e…]{1,250}$/.test(error.message),
  )
})

test('what is no JSON is a SyntaxError, however deep it is', () => {
  for (const text of ['', '{"a":1,"a"', '{"a":1,"a":}', '['.repeat(100_000), '"'])
    assert.throws(() => parseJson(text), SyntaxError)
  assert.doesNotThrow(() => parseJson(`${'[{"a":'.repeat(1000)}1${'}]'.repeat(1000)}`))
})
