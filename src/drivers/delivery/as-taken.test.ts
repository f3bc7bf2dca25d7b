import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asTaken } from './as-taken.ts'

const MAIL = 'Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n'
const SEAL = 'ARC-Message-Signature: i=1; d=isp.example\r\n'

const bodyOf = (text: string) => async () =>
  (async function* () {
    yield Buffer.from(text)
  })()

const forwarded = (mail: string) => ({
  sender: 'x@meadow.example',
  recipients: ['bob@copper.example'],
  size: SEAL.length + mail.length,
  esmtp: { eightBit: true } as const,
  recipientEsmtp: {},
  body: bodyOf(SEAL + mail),
  unsealed: { size: mail.length, body: bodyOf(mail) },
})

test('forwarded 8-bit mail goes without our seal to a server that takes ASCII only; signed by another it cannot', async () => {
  const taken = await asTaken(forwarded(MAIL), [])
  assert.ok(!('code' in taken))
  let text = ''
  for await (const chunk of await taken.body()) text += String(chunk)
  assert.match(text, /quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe/)
  assert.doesNotMatch(text, /^ARC/m)
  assert.equal(taken.size, Buffer.byteLength(text))
  const signed = await asTaken(forwarded(`DKIM-Signature: v=1; d=meadow.example\r\n${MAIL}`), [])
  assert.ok('code' in signed && signed.code === 554)
  const whole = await asTaken(forwarded(MAIL), ['8BITMIME'])
  assert.ok('body' in whole)
  let sealed = ''
  for await (const chunk of await whole.body()) sealed += String(chunk)
  assert.equal(sealed, SEAL + MAIL)
})

test('octets above 127 in the header alone: it goes as it is, signed or not, however it comes', async () => {
  const header = 'DKIM-Signature: v=1; d=meadow.example\r\nSubject: Gr\u00fc\u00dfe\r\n'
  const mail = Buffer.from(`${header}\r\nhello\r\n`)
  for (const size of [1, 3, 1000]) {
    const body = async () =>
      (async function* () {
        for (let at = 0; at < mail.length; at += size) yield mail.subarray(at, at + size)
      })()
    const { unsealed: _unsealed, ...sending } = forwarded('')
    const taken = await asTaken({ ...sending, size: mail.length, body }, [])
    assert.ok(!('code' in taken), `${size}`)
    const out: Uint8Array[] = []
    for await (const chunk of await taken.body()) out.push(chunk)
    assert.deepEqual(Buffer.concat(out), mail)
    assert.equal(taken.esmtp.eightBit, undefined)
  }
})
