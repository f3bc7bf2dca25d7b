// What does not speak SMTP is shown the door at once; only HTTP is told of, because a mail program that is set up wrongly is no sign.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setup } from '../../../test/support/smtp-setup.ts'
import { step } from './session.ts'
import { INITIAL } from './state.ts'

const said = (text: string) => step({ ...INITIAL, phase: 'greeted' }, { kind: 'line', text }, setup)

test('HTTP is told of before the session ends', () => {
  for (const line of ['GET / HTTP/1.1', 'PRI * HTTP/2.0', 'Host: isp.example']) {
    const { ask, state } = said(line)
    assert.equal(ask?.ask, 'judge', line)
    assert.deepEqual(state.violations, ['not-smtp'])
  }
})

test('what begins with no letter ends the session, and nothing is told of it', () => {
  for (const line of ['\x16\x03', '--b', '.', '123', '\u00fc', '<html>']) {
    const { ask, then, output, state } = said(line)
    assert.equal(ask, undefined, line)
    assert.equal(then, 'close', line)
    assert.match(output, /^221 2\.7\.0 /)
    assert.equal(state.violations, undefined)
  }
})

test('a space in front, an empty line and an unknown word are mistakes', () => {
  for (const line of [' NOOP', '\tNOOP', '', 'PRINT', 'HALLO'])
    assert.match(said(line).output, /^500 /, line)
})
