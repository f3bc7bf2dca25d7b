import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reporterOf } from './reporter-of.ts'

const results = (dmarc: string, spf = 'spf=pass smtp.mailfrom=x.example') =>
  `Authentication-Results: mx.isp.example;\r\n ${spf};\r\n dmarc=${dmarc}\r\nReceived: from a ([192.0.2.1])\r\n\tby mx.isp.example with ESMTP id X;\r\n`
const from = (value: string) => Buffer.from(`From: ${value}\r\n\r\nx`)

test('the reporter is the organisation of the author, only where DMARC passed', () => {
  const author = from('FBL <fbl@mail.other.co.uk>')
  assert.equal(reporterOf(results('pass header.from=mail.other.co.uk'), author), 'other.co.uk')
  for (const dmarc of ['fail', 'none', 'temperror', 'passed'])
    assert.equal(reporterOf(results(dmarc), author), undefined, dmarc)
  assert.equal(reporterOf('', author), undefined)
})

test('not by words of the sender: in its greeting, in SPF, or in a field that it wrote', () => {
  const author = from('fbl@other.example')
  const inSpf = 'spf=none smtp.mailfrom=x;dmarc=pass'
  assert.equal(reporterOf(results('fail', inSpf), author), undefined)
  const greeted =
    'Received: from dmarc=pass ([192.0.2.1])\r\n\tby mx with ESMTP id X;\r\n dmarc=pass\r\n'
  assert.equal(reporterOf(greeted, author), undefined)
  const wrote = Buffer.from(
    'Authentication-Results: mx;\r\n dmarc=pass\r\nFrom: fbl@other.example\r\n\r\n',
  )
  assert.equal(reporterOf(results('none'), wrote), undefined)
})

test('without one clear author it is not known', () => {
  for (const value of ['a@one.example, b@two.example', 'nobody', ''])
    assert.equal(reporterOf(results('pass'), from(value)), undefined, value)
})
