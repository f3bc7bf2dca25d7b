import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INITIAL, type Setup } from './state.ts'
import { mailWishes, rcptWishes } from './wishes.ts'

const setup: Setup = {
  listener: 'submission',
  ourName: 'mail.isp.example',
  postmaster: 'postmaster@isp.example',
  maxSize: 10_000,
  maxRecipients: 3,
  tlsAvailable: true,
  bareNewlines: 'repair',
  scram: false,
  greetPause: 0,
  mayXclient: false,
}

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
