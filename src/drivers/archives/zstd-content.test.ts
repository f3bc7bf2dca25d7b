import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { isZstd, zstdContent } from './zstd-content.ts'

const MOST = 1024 * 1024
const one = zstdCompressSync(Buffer.from('one'))
const two = zstdCompressSync(Buffer.from('two'))
const skip = Buffer.from('5e2a4d1804000000aabbccdd', 'hex')
const read = (...parts: readonly Buffer[]) => {
  const { content, fault } = zstdContent(Buffer.concat(parts), MOST, false)
  return [content.toString(), fault]
}

test('frames are read one behind the other, those that hold nothing stepped over', () => {
  assert.deepEqual(read(one), ['one', undefined])
  assert.deepEqual(read(one, two), ['onetwo', undefined])
  assert.deepEqual(read(skip, one, skip, skip, two, one), ['onetwoone', undefined])
  assert.deepEqual(read(one, skip), ['one', undefined])
  assert.deepEqual(read(one, Buffer.from('junk')), ['one', undefined])
  assert.ok(isZstd(one) && isZstd(skip) && !isZstd(Buffer.from('hello')))
})

test('what is damaged, too large or cut off is said', () => {
  const long = zstdCompressSync(randomBytes(300_000))
  assert.deepEqual(read(skip, Buffer.from('04224d18', 'hex')), ['', 'damaged'])
  assert.deepEqual(read(one, two.subarray(0, -3))[1], 'damaged')
  assert.deepEqual(read(one, Buffer.concat([two.subarray(0, 5), randomBytes(9)]))[1], 'damaged')
  assert.deepEqual(read(...Array.from({ length: 1001 }, () => skip))[1], 'damaged')
  const bomb = zstdCompressSync(Buffer.alloc(2 * MOST))
  assert.deepEqual(read(one, bomb), ['one', 'large'])
  const cut = zstdContent(long.subarray(0, -1000), MOST, true)
  assert.equal(cut.fault, undefined)
  assert.ok(cut.content.length > 100_000)
})
