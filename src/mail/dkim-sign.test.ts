import assert from 'node:assert/strict'
import { createHash, createVerify, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { compose } from './compose.ts'
import { dkimSign } from './dkim-sign.ts'
import { parseHeader } from './header.ts'

test('a notice is signed so that any receiver can check it (RFC 6376, relaxed)', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const letter = await compose({
    from: { name: 'Example Net', address: 'abuse-desk@isp.example' },
    to: 'anna@isp.example',
    subject: 'Ihr Anschluss verschickt Spam (Fall K7-2M9Q): für Sie',
    text: 'Guten Tag,\n\nüber Umlaute.   \n\n\n',
    at: 0,
    messageId: 'notice-1@isp.example',
  })
  const key = {
    domain: 'isp.example',
    selector: 'cordon',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
  const signed = await dkimSign(letter, () => [key])
  const { fields, body } = parseHeader(signed)
  const signature = fields.find(field => field.name === 'dkim-signature')?.value ?? ''
  const tag = (name: string) =>
    new RegExp(`(?:^|;)\\s*${name}=([^;]*)`).exec(signature)?.[1]?.replace(/\s+/g, '') ?? ''
  assert.equal(tag('d'), 'isp.example')
  assert.equal(tag('s'), 'cordon')
  // §3.4.4: white space runs become one space, trailing ones and empty lines at the end go.
  const lines = signed
    .subarray(body)
    .toString('latin1')
    .split('\r\n')
    .map(line => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  const relaxed = `${lines.join('\r\n').replace(/(?:\r\n)+$/, '')}\r\n`
  assert.equal(createHash('sha256').update(relaxed, 'latin1').digest('base64'), tag('bh'))
  const relaxField = (name: string, value: string) => `${name}:${value.replace(/\s+/g, ' ').trim()}`
  const named = tag('h')
    .toLowerCase()
    .split(':')
    .flatMap(name => {
      const field = fields.find(one => one.name === name)
      return field ? [`${relaxField(name, field.value)}\r\n`] : []
    })
  assert.ok(
    named.some(field => field.startsWith('from:')) &&
      named.some(field => field.startsWith('subject:')),
  )
  const unsigned = relaxField('dkim-signature', signature.replace(/(;\s*b=)[^;]*$/, '$1'))
  const check = createVerify('sha256').update(`${named.join('')}${unsigned}`, 'latin1')
  assert.ok(check.verify(publicKey, tag('b'), 'base64'))
})
