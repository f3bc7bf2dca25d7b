import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError } from '../model/errors.ts'
import { readYaml, textOf } from './source.ts'

const at = (line: number) => `x.yaml:${line}`

test('a value is found by its path: on its own line, or where what is missing should stand', () => {
  const { lineOf } = readYaml(
    'a: 1\nlist:\n  - { name: x }\n  -\n    name: &n y\n    deep:\n      deeper: *n\n',
    at,
  )
  assert.deepEqual(
    [
      ['a'],
      ['list'],
      ['list', 1, 'name'],
      ['list', 1, 'deep', 'deeper'],
      ['list', 0, 'port'],
      ['b'],
    ].map(path => lineOf(path)),
    [1, 2, 5, 7, 3, 1],
  )
})

test('a file beyond some megabytes is not read, nor one that is UTF-16', () => {
  assert.throws(() => textOf(new Uint8Array(17 * 1024 * 1024), 'x.yaml'), ConfigError)
  assert.throws(
    () => textOf(Buffer.from('\u{feff}hostname: a.example', 'utf16le'), 'x.yaml'),
    /^ConfigError: x\.yaml:1: the text is not UTF-8/,
  )
  assert.equal(textOf(Buffer.from('\u{feff}a: 1'), 'x.yaml'), 'a: 1')
})

test('everything that is wrong as YAML is told at once', () => {
  assert.throws(
    () => readYaml('b: 1\nb: 2\nc: 1\nc: 2\n', at),
    (error: ConfigError) => {
      const places = error.message.split('\n').map(line => line.split(' ')[0])
      assert.deepEqual(places, ['x.yaml:2:1:', 'x.yaml:4:1:'], error.message)
      return true
    },
  )
})
