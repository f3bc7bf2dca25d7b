import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setup } from '../../../test/support/smtp-setup.ts'
import { INITIAL } from './state.ts'
import { mailParameters, rcptParameters } from './esmtp-parameters.ts'

test('what is not written as xtext goes on as xtext', () => {
  assert.deepEqual(mailParameters(new Map([['ENVID', 'QUJD==']]), INITIAL, setup), {
    esmtp: { envelopeId: 'QUJD+3D+3D' },
  })
  assert.deepEqual(rcptParameters(new Map([['ORCPT', 'rfc822;SRS0=x+2By@z.example']]), setup), {
    esmtp: { original: 'rfc822;SRS0+3Dx+2By@z.example' },
  })
})

test('a word that NOTIFY says twice is said once', () => {
  assert.deepEqual(rcptParameters(new Map([['NOTIFY', 'SUCCESS,success']]), setup), {
    esmtp: { notify: ['success'] },
  })
})
