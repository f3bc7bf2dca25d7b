import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPrefix, type Prefix, parsePrefix } from './ip.ts'
import { splitter } from './prefix-holes.ts'

const prefix = (text: string) => parsePrefix(text) as Prefix
const left = (text: string, ...holes: readonly string[]) =>
  splitter(holes.map(prefix))(prefix(text)).map(formatPrefix)

test('what is left of a prefix is all of it but the holes, in as few prefixes as can be', () => {
  assert.deepEqual(left('198.51.100.0/24'), ['198.51.100.0/24'])
  assert.deepEqual(left('198.51.100.0/30', '198.51.100.2/32', '192.0.2.0/24'), [
    '198.51.100.0/31',
    '198.51.100.3/32',
  ])
  assert.deepEqual(left('2001:db8:17::/48', '2001:db8:17:8000::/49', '198.51.100.0/24'), [
    '2001:db8:17::/49',
  ])
  assert.equal(left('2001:db8:17::/48', '2001:db8:17:5::/64').length, 16)
})

test('what is wider is no hole: a prefix in it has an entry of its own', () => {
  assert.deepEqual(left('198.51.100.0/24', '198.51.0.0/16', '198.51.100.0/24'), ['198.51.100.0/24'])
})

test('nothing is left where the holes are everything', () => {
  assert.deepEqual(left('198.51.100.0/31', '198.51.100.0/32', '198.51.100.1/32'), [])
})
