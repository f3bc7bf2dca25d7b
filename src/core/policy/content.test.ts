import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { listing } from '../../../test/support/listing.ts'
import type { AttributedStep } from '../../model/step.ts'
import { attachment, isDangerous } from './attachment.ts'
import { encodedUrl, hides } from './encoded-url.ts'
import type { Rule } from './rule.ts'

const { read, close } = listing()
after(close)

async function decided(rule: Rule, message: string | Buffer): Promise<string> {
  const step = { message: await read([Buffer.from(message)]) } as AttributedStep
  return rule.decide(step, { facts: [], readings: [] })?.kind ?? 'accept'
}

test('links that hide their host, and links that do not', () => {
  const hiding =
    '%6d%6e user@%77ww.meadow.example www%2emeadow.example %2577 3627734734 0x7f000001 0300.0250.0.1 0x7f.0.0.1 127.1 meadow%30.example:8080'
  const plain =
    'www.meadow.example b%C3%BCcher.example 192.0.2.1 192.0.2.1:8080 user:p%40ss@meadow.example xn--bcher-kva.example 1and1.example 4711.example'
  for (const authority of hiding.split(' ')) assert.ok(hides(authority.toLowerCase()), authority)
  for (const authority of plain.split(' ')) assert.ok(!hides(authority.toLowerCase()), authority)
})

test('found in text and HTML, after decoding; escapes in a path are ignored', async () => {
  const rule = encodedUrl('enforce')
  const html = (body: string, encoding = '8bit') =>
    `Content-Type: text/html\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`
  assert.equal(await decided(rule, html('<a href="http://%6d%6e/">x</a>')), 'reject')
  assert.equal(await decided(rule, html('<a href="http://&#37;6d&#x25;6e/">x</a>')), 'reject')
  assert.equal(
    await decided(rule, html('<a href=3D"http://=2536d.example/">', 'quoted-printable')),
    'reject',
  )
  const base64 = Buffer.from('see http://0x7f.1/').toString('base64')
  assert.equal(await decided(rule, html(base64, 'base64')), 'reject')
  assert.equal(
    await decided(rule, html('<a href="https://meadow.example/%6d%6e?q=%2541">x</a>')),
    'accept',
  )
})

test('names of attachments', () => {
  const refused = new Set(['exe', 'js'])
  for (const name of [
    'a.exe',
    'invoice.pdf.exe',
    'A.EXE',
    'a.exe. .',
    'x/y.js',
    'gpj.\u202eexe.jpg',
  ])
    assert.ok(isDangerous(name, refused), name)
  for (const name of ['a.pdf', 'exe', 'a.exe.pdf', 'a.json', 'archive.zip', ''])
    assert.ok(!isDangerous(name, refused), name)
})

/** A ZIP made by Python, not by our own code. */
function zipOf(names: readonly string[], encrypted = false): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-zip-'))
  const path = join(folder, 'a.zip')
  const made = spawnSync('python3', [
    '-c',
    `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    for name in sys.argv[2:]: z.writestr(name, 'x' * 1000)`,
    path,
    ...names,
  ])
  assert.equal(made.status, 0, String(made.stderr))
  const bytes = readFileSync(path)
  // The flag alone: what is inside is not looked at anyway.
  if (encrypted) bytes.writeUInt16LE(bytes.readUInt16LE(6) | 1, 6)
  writeFileSync(path, bytes)
  rmSync(folder, { recursive: true })
  return bytes
}

const attached = (name: string, bytes: Buffer) => `MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: application/octet-stream\r
Content-Disposition: attachment; filename="${name}"\r
Content-Transfer-Encoding: base64\r
\r
${bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r
--b--\r
`

test('in archives, whatever they are called; in forwarded messages; encrypted ones by choice', async () => {
  const settings = { rejected: ['exe', 'scr'], encrypted: 'accept' } as const
  const rule = attachment('enforce', settings)
  const bad = zipOf(['readme.txt', 'Grüße/photo.jpg.scr'])
  assert.equal(await decided(rule, attached('photos.zip', bad)), 'reject')
  assert.equal(await decided(rule, attached('photos.pdf', bad)), 'reject')
  assert.equal(await decided(rule, attached('photos.zip', zipOf(['a.txt', 'b.jpg']))), 'accept')
  const inside = `Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822; name="fwd.eml"\r\nContent-Disposition: attachment; filename="fwd.eml"\r\n\r\n${attached('run.exe', Buffer.from('MZ'))}\r\n--o--\r\n`
  assert.equal(await decided(rule, inside), 'reject')
  const locked = attached('locked.zip', zipOf(['a.txt'], true))
  assert.equal(await decided(rule, locked), 'accept')
  assert.equal(
    await decided(attachment('enforce', { ...settings, encrypted: 'reject' }), locked),
    'reject',
  )
})

// The limit is not a measurement: nothing here may be quadratic.
test('bombs, ten thousand parts and wrong sizes end, and say what could be read', {
  timeout: 30_000,
}, async () => {
  const rule = attachment('enforce', { rejected: ['exe'], encrypted: 'accept' })
  const many = zipOf(Array.from({ length: 3000 }, (_, i) => `f${i}.txt`))
  assert.equal(await decided(rule, attached('many.zip', many)), 'accept')
  const cut = zipOf(['run.exe', 'b.txt']).subarray(0, 60)
  assert.equal(await decided(rule, attached('cut.zip', cut)), 'reject')
  const wrong = Buffer.concat([
    Buffer.from('PK\x03\x04'),
    Buffer.alloc(22),
    Buffer.from([255, 255, 0, 0]),
  ])
  assert.equal(await decided(rule, attached('wrong.zip', wrong)), 'accept')
  const parts = Array.from({ length: 10_000 }, (_, i) => `--b\r\n\r\npart ${i}\r\n`).join('')
  const deep = Array.from(
    { length: 500 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  ).join('')
  assert.equal(
    await decided(rule, `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--`),
    'accept',
  )
  assert.equal(await decided(rule, deep), 'accept')
  const base64 = Buffer.alloc(20 * 1024 * 1024, 'QUFB')
  const large = Buffer.concat([
    Buffer.from('Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
    base64,
  ])
  assert.equal(await decided(rule, large), 'accept')
})
