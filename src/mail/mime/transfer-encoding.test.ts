import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeTransfer, transferEncodings } from './transfer-encoding.ts'

test('an encoding of no such name is none, whatever objects of JavaScript have by it', () => {
  for (const value of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
    const field = { name: 'content-transfer-encoding', value }
    assert.deepEqual(transferEncodings([field] as never), ['none'])
  }
})

test('an escape that a line ends in the middle of is read joined, and not', () => {
  const read = (text: string) =>
    decodeTransfer(Buffer.from(text), 'quoted-printable').map(one => one.toString('latin1'))
  assert.deepEqual(read('http://u=2=\r\nF@evil.example/'), [
    'http://u=2F@evil.example/',
    'http://u/@evil.example/',
  ])
  assert.deepEqual(read('a=\r\nb=3D=\r\n=3D'), ['ab=='])
  assert.deepEqual(read('a==\r\n41'), ['a=41', 'aA'])
})
