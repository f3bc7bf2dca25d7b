import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBearer, type TokenMechanism } from './bearer.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const read = (mechanism: TokenMechanism, text: string) => parseBearer(mechanism, base64(text))

test('the examples of RFC 7628 §4.1 and of Google', () => {
  // From the RFC, as it stands there.
  const said =
    'bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB'
  assert.deepEqual(parseBearer('OAUTHBEARER', said), {
    login: 'user@example.com',
    token: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==',
  })
  assert.deepEqual(read('XOAUTH2', 'user=anna@isp.example\x01auth=Bearer ya29.vF9\x01\x01'), {
    login: 'anna@isp.example',
    token: 'ya29.vF9',
  })
  assert.equal(read('OAUTHBEARER', 'y,a=a=2Cb=3Dc,\x01auth=Bearer t\x01\x01')?.login, 'a,b=c')
})

test('what does not say whose token it is, says it twice, or is cut, is none', () => {
  for (const said of [
    'n,,\x01auth=Bearer t\x01\x01',
    'n,anna,\x01auth=Bearer t\x01\x01',
    'n,a=,\x01auth=Bearer t\x01\x01',
    'p=tls-unique,a=anna,\x01auth=Bearer t\x01\x01',
    'n,a=a=2Xb,\x01auth=Bearer t\x01\x01',
    'n,a=anna,\x01auth=Basic t\x01\x01',
    'n,a=anna,\x01auth=Bearer t\x01auth=Bearer u\x01\x01',
    'n,a=anna,\x01auth=Bearer t u\x01\x01',
    'n,a=anna,\x01auth=Bearer t\x01',
    'user=anna\x01auth=Bearer t\x01\x01',
    '',
  ])
    assert.equal(read('OAUTHBEARER', said), undefined, said)
  for (const said of [
    'user=\x01auth=Bearer t\x01\x01',
    'user=an\0na\x01auth=Bearer t\x01\x01',
    'n,a=anna,\x01auth=Bearer t\x01\x01',
    'user=anna\x01auth=Bearer t',
  ])
    assert.equal(read('XOAUTH2', said), undefined, said)
  assert.equal(parseBearer('XOAUTH2', '!'), undefined)
})
