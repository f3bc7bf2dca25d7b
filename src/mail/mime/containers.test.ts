// What mail programs open without being asked: its files are attachments, and what cannot be read of it is said.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Summarizer } from '../summary.ts'

function read(message: string) {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(message, 'latin1'))
  return summarizer.finish('a@isp.example')
}
const part = (type: string, bytes: Buffer) =>
  read(
    `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}`,
  )
const words = (...all: readonly number[]) => {
  const bytes = Buffer.alloc(4 * all.length)
  for (const [i, word] of all.entries()) bytes.writeUInt32LE(word, 4 * i)
  return bytes
}
const attribute = (level: number, kind: number, data: Buffer) =>
  Buffer.concat([Buffer.from([level]), words(kind, data.length), data, Buffer.alloc(2)])
const SIGNATURE = Buffer.from('789f3e220100', 'hex')
const TITLE = attribute(2, 0x00018010, Buffer.from('run.exe\0'))

/** PR_ATTACH_LONG_FILENAME in UTF-16, behind a named property and an integer. */
const properties = (name: string) => {
  const value = Buffer.from(`${name}\0`, 'utf16le')
  const padding = Buffer.alloc(-value.length & 3)
  const named = Buffer.concat([words(0x80000003), Buffer.alloc(16), words(0, 1, 7)])
  return attribute(
    2,
    0x00069005,
    Buffer.concat([
      words(3),
      named,
      words(0x37050003, 1, 0x3707001f, 1, value.length),
      value,
      padding,
    ]),
  )
}

test('files of a winmail.dat, by either of their names', () => {
  for (const type of ['application/ms-tnef; name=winmail.dat', 'application/octet-stream'])
    for (const one of [TITLE, properties('run.exe')]) {
      const { attachments, unreadable } = part(type, Buffer.concat([SIGNATURE, one]))
      assert.ok(attachments.includes('run.exe'), `${type}: ${attachments}`)
      assert.equal(unreadable, undefined)
    }
})

test('a winmail.dat that does not add up is unreadable', () => {
  const first = Buffer.concat([SIGNATURE, properties('a.txt')])
  const whole = Buffer.concat([first, TITLE])
  for (let length = 7; length < whole.length - 2; length++) {
    // At these lengths it adds up; no checksum is required.
    if (length >= first.length - 2 && length <= first.length) continue
    const { unreadable = [] } = part('x/y', whole.subarray(0, length))
    assert.ok(unreadable.includes('archive'), `${length}`)
  }
})

const SIGNS = '!"#$%&\'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr'
const binHex = (name: string) => {
  const bits = [name.length, ...Buffer.from(name), 0]
    .map(byte => byte.toString(2).padStart(8, '0'))
    .join('')
  return bits.replaceAll(/.{1,6}/g, six => SIGNS[Number.parseInt(six.padEnd(6, '0'), 2)] ?? '')
}

test('the file of a BinHex, by the name in its header', () => {
  const words = '(This file must be converted with BinHex 4.0)\r\n\r\n:'
  const type = 'Content-Type: application/mac-binhex40\r\n\r\n'
  assert.ok(read(`${type}${words}${binHex('run.exe')}:\r\n`).attachments.includes('run.exe'))
  assert.deepEqual(read(`${type}nothing`).unreadable, ['archive'])
})

const INSIDE = [
  'Content-Type: multipart/mixed; boundary=q',
  '',
  '--q',
  'Content-Type: application/octet-stream; name=run.exe',
  '',
  'MZ',
  '--q--',
  '',
].join('\r\n')

test('what is only signed is read, what is encrypted is said, as OpenSSL writes both', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-cms-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const openssl = (words: string) => {
    const out = execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'pipe' })
    return out.toString('latin1').replaceAll(/\r?\n/g, '\r\n')
  }
  writeFileSync(join(folder, 'in'), INSIDE)
  openssl('req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -subj /CN=x@far.example')
  for (const tool of ['smime', 'cms']) {
    for (const way of ['', ' -stream', ' -noattr']) {
      const signed = read(
        openssl(`${tool} -sign -nodetach -binary${way} -in in -signer cert -inkey key`),
      )
      assert.ok(signed.attachments.includes('run.exe'), `${tool}${way}: ${signed.attachments}`)
    }
    const locked = read(openssl(`${tool} -encrypt -aes256 -in in cert`))
    assert.equal(locked.encryptedArchive, true, tool)
    assert.equal(locked.unreadable, undefined)
  }
})

test('what is no CMS, or one of another kind, is unreadable', () => {
  const data = Buffer.from('3080060b2a864886f70d0109100109a0800000', 'hex')
  for (const bytes of [Buffer.from('hello'), data, Buffer.alloc(0), Buffer.from('3080', 'hex')])
    assert.deepEqual(
      part('application/pkcs7-mime; name=smime.p7m', bytes).unreadable,
      ['archive'],
      bytes.toString('hex'),
    )
  assert.deepEqual(
    part('application/pkcs7-mime', Buffer.from('3080'.repeat(100_000), 'hex')).unreadable,
    ['archive'],
  )
})

test('a content in very many pieces is read to its end, or it is said', () => {
  const inOne = (tag: number, ...inside: Buffer[]) => {
    const all = Buffer.concat(inside)
    const head = Buffer.from([tag, 0x83, 0, 0, 0])
    head.writeUIntBE(all.length, 2, 3)
    return Buffer.concat([head, all])
  }
  const oid = (hex: string) => Buffer.from(`0609${hex}`, 'hex')
  const octets = (bytes: Buffer) => Buffer.concat([Buffer.from([4, bytes.length]), bytes])
  for (const pieces of [100, 11_000, 60_000]) {
    const empty = Array.from({ length: pieces }, () => octets(Buffer.from('\n')))
    const content = inOne(
      0x24,
      ...INSIDE.split(/(?<=\r\n\r\n)/).flatMap((one, i) => [
        octets(Buffer.from(one)),
        ...(i ? [] : empty),
      ]),
    )
    const inside = inOne(0x30, oid('2a864886f70d010701'), inOne(0xa0, content))
    const signed = inOne(0x30, Buffer.from([2, 1, 1]), Buffer.from([0x31, 0]), inside)
    const bytes = inOne(0x30, oid('2a864886f70d010702'), inOne(0xa0, signed))
    const { attachments, unreadable = [] } = part('application/pkcs7-mime', bytes)
    assert.ok(attachments.includes('run.exe') || unreadable.includes('archive'), `${pieces}`)
    assert.equal(attachments.includes('run.exe'), pieces < 40_000, `${pieces}`)
  }
})
