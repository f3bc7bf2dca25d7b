import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setup } from '../../../test/support/smtp-setup.ts'
import { INITIAL } from './state.ts'
import { step } from './session.ts'
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

test('what is wrong with a parameter is said of the parameter, not of the address', () => {
  const said = (line: string, phase: 'greeted' | 'mail') =>
    step(
      { ...INITIAL, phase, mail: { sender: '', esmtp: {} } },
      { kind: 'line', text: line },
      setup,
    ).output
  for (const name of ['ENVID', 'AUTH', 'RET'])
    for (const value of ['', '=', '=a+4'])
      assert.match(
        said(`MAIL FROM:<a@b.example> ${name}${value}`, 'greeted'),
        new RegExp(`^501 5\\.5\\.4 Bad ${name} parameter syntax\r\n$`),
      )
  for (const name of ['NOTIFY', 'ORCPT'])
    for (const value of ['', '=', '=x+4'])
      assert.match(
        said(`RCPT TO:<a@b.example> ${name}${value}`, 'mail'),
        new RegExp(`^501 5\\.5\\.4 Bad ${name} parameter syntax\r\n$`),
      )
  assert.match(said('MAIL FROM:<a@b.example> =x', 'greeted'), /^501 5\.5\.4 Bad parameter syntax/)
  assert.match(
    said('MAIL FROM:<a@b.example> RET=FULL RET=HDRS', 'greeted'),
    /^501 5\.5\.4 RET is given twice\r\n$/,
  )
  assert.match(said('MAIL FROM:<a@b.example> SIZE=', 'greeted'), /^501 5\.5\.4 Bad message size/)
  assert.match(said('MAIL FROM:<a@b.example> SMTPUTF8=', 'greeted'), /^555 5\.5\.4 /)
  assert.match(said('MAIL FROM:<a@b.example>SIZE=1', 'greeted'), /^501 5\.1\.7 Bad sender address/)
})
