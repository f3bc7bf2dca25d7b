import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerField } from './header-field.ts'

const field = (name: string, value: string, leadingSpace = false) =>
  Buffer.from(headerField({ name, value }, leadingSpace)).toString('latin1')

test('a field as it stood in the message', () => {
  assert.equal(field('Subject', 'x'), 'Subject: x\r\n')
  assert.equal(field('Subject', ' x\n\ty', true), 'Subject: x\r\n\ty\r\n')
  assert.equal(field('Subject', 'x\r\n y'), 'Subject: x\r\n y\r\n')
})

test('whatever stands in it, it is one field and ends no header', () => {
  for (const [name, value] of [
    ['From a@b', 'x'],
    ['', 'x'],
    [' ', 'x'],
    ['A:B', 'x'],
    ['Ä\0', 'x'],
    ['Subject ', 'x'],
    ['Subject', 'x\n\nbody'],
    ['Subject', 'x\rjunk\r'],
    ['Subject', 'x\nFrom: y\n'],
  ] as const)
    assert.match(field(name, value), /^[!-9;-~]+: [^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*$/)
})
