import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setup } from '../../../test/support/smtp-setup.ts'
import { INITIAL } from './state.ts'
import { mailWishes, rcptWishes } from './wishes.ts'

test('what is not written as xtext goes on as xtext', () => {
  assert.deepEqual(mailWishes(new Map([['ENVID', 'QUJD==']]), INITIAL, setup), {
    wishes: { envelopeId: 'QUJD+3D+3D' },
  })
  assert.deepEqual(rcptWishes(new Map([['ORCPT', 'rfc822;SRS0=x+2By@z.example']]), setup), {
    wishes: { original: 'rfc822;SRS0+3Dx+2By@z.example' },
  })
})

test('a word that NOTIFY says twice is said once', () => {
  assert.deepEqual(rcptWishes(new Map([['NOTIFY', 'SUCCESS,success']]), setup), {
    wishes: { notify: ['success'] },
  })
})
