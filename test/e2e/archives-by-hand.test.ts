// Archives that no honest program makes, and what some program shows of them all the same: names that stand where few look, messages, and
// what stands behind an end.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ArchiveLister } from '../../src/drivers/archives/archive-lister.ts'
import type { ArchiveListing } from '../../src/ports/archives.ts'
import { tarHeader, zipOf } from '../support/hostile-archives.ts'
import { FOR, PATIENT } from '../support/listing.ts'
import { fileIn, winmail } from '../support/winmail.ts'

const lister = new ArchiveLister(error => {
  throw error
}, PATIENT)
after(() => lister.close())

const list = (bytes: Buffer, name = ''): Promise<ArchiveListing> =>
  lister.list([{ name, bytes, cut: false }], FOR)

/** A ZIP64 end, as `zip` writes it into a stream; and a ZIP behind a picture, its end where only Info-ZIP looks for it. */
test('the names in the directory are listed wherever its end says that it is', async () => {
  const file = (name: string) => ({ name, data: Buffer.from('x') })
  const zip = zipOf([file('readme.txt')], [file('run.exe')])
  const [at, end] = [zip.length - 22, zip.subarray(-22)]
  const record = Buffer.alloc(56)
  record.write('PK\x06\x06', 'latin1')
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(1n, 24)
  record.writeBigUInt64LE(1n, 32)
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(12)), 40)
  record.writeBigUInt64LE(BigInt(end.readUInt32LE(16)), 48)
  const locator = Buffer.alloc(20)
  locator.write('PK\x06\x07', 'latin1')
  locator.writeBigUInt64LE(BigInt(at), 8)
  locator.writeUInt32LE(1, 16)
  const plain = Buffer.from(end).fill(0xff, 8, 20)
  const large = Buffer.concat([zip.subarray(0, at), record, locator, plain])
  assert.ok((await list(large, 'a.zip')).names.includes('run.exe'))
  for (const front of ['GIF89a', '%PDF-1.4\n', '\x89PNG\r\n\x1a\n']) {
    const hidden = Buffer.concat([Buffer.from(front, 'latin1'), zip, Buffer.alloc(66_000)])
    const { names, unlisted } = await list(hidden, 'a.zip')
    assert.ok(names.includes('run.exe') && unlisted?.archive, front)
  }
  for (const name of ['run.exe/', 'run.exe\\']) {
    const folder = zipOf([file('readme.txt')], [file(name)])
    assert.ok((await list(folder, 'a.zip')).names.includes('run.exe'), name)
  }
})

test('messages in archives are read for the names in them, and for their archives', async () => {
  const attached = (name: string, content: Buffer) =>
    Buffer.from(
      `From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n--x\r\nContent-Disposition: attachment; filename=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString('base64')}\r\n--x--\r\n`,
    )
  const program = Buffer.from('MZ')
  const zip = (name: string, data: Buffer) => zipOf([{ name, data }])
  for (const archive of [
    zip('fwd.eml', attached('run.exe', program)),
    zip('FWD.MHT', attached('run.exe', program)),
    zip('fwd.eml', attached('a.zip', zip('run.exe', program))),
    zip('fwd.eml', attached('fwd.eml', attached('run.exe', program))),
    zip('a.uue', Buffer.from('begin 644 run.exe\n#0V%T\n`\nend\n')),
    zip('a.ics', Buffer.from('ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=run.exe:TVqQ\r\n')),
    zip('a.vcf', Buffer.from('X-A;ENCODING=BASE64;X-FILENAME=run.exe:TVqQ\r\n')),
    zip('winmail.dat', winmail(fileIn('run.exe', program))),
    gzipSync(
      Buffer.concat([
        tarHeader('fwd.eml', '00000000400\0'),
        attached('run.exe', program),
        Buffer.alloc(2000),
      ]),
    ),
  ]) {
    const { names, unlisted } = await list(archive)
    assert.deepEqual([names.includes('run.exe'), unlisted], [true, undefined], names.join())
  }
  const long = Buffer.concat([
    attached('a.txt', Buffer.alloc(2_000_000)),
    attached('run.exe', program),
  ])
  const { names, unlisted = {} } = await list(zip('a.eml', long))
  assert.deepEqual(
    [names, Object.keys(unlisted)],
    [['a.eml', 'a.txt', 'run.exe'], ['large-archive']],
  )
  const odd = await list(zip('a.eml', Buffer.from('Content-Type: message/partial\r\n\r\nx')))
  assert.match(odd.unlisted?.archive ?? '', /a message in it/)
  assert.ok((await list(gzipSync('From: a@b'), 'a.eml.gz')).unlisted?.archive)
})

/** A file of so many bytes, with an empty block at its end. */
const tarOf = (name: string, size = 2) =>
  Buffer.concat([
    tarHeader(name, `${(size + 512).toString(8).padStart(11, '0')}\0`),
    Buffer.alloc(size, 'MZ'),
    Buffer.alloc(512 + ((512 - (size % 512)) % 512)),
  ])
const packedBy = (program: string, input: Buffer) => spawnSync(program, ['-c'], { input }).stdout

const BOTH = { names: ['a.txt', 'run.exe'], encrypted: false }

test('a tar behind the end of a tar is listed, packed or not', async () => {
  const end = Buffer.alloc(1024)
  const [good, bad] = [tarOf('a.txt'), tarOf('run.exe')]
  const both = Buffer.concat([good, end, bad, end])
  for (const [what, archive] of Object.entries({
    plain: both,
    'behind much of nothing': Buffer.concat([good, Buffer.alloc(10_240), bad, end]),
    'behind other bytes': Buffer.concat([good, end, Buffer.alloc(1024, 'x'), bad, end]),
    'in a gzip': gzipSync(both),
    'in two gzips': Buffer.concat([good, bad].map(one => gzipSync(Buffer.concat([one, end])))),
    'in two bzip2': Buffer.concat(
      [good, bad].map(one => packedBy('bzip2', Buffer.concat([one, end]))),
    ),
    'in two xz': Buffer.concat([good, bad].map(one => packedBy('xz', Buffer.concat([one, end])))),
  })) {
    const { names, encrypted } = await list(archive, 'a.tar')
    assert.deepEqual({ names, encrypted }, BOTH, what)
  }
})

test('a tar of files that end in nothing, or hold tars, is one', async () => {
  const many = Array.from({ length: 30 }, (_, i) => tarOf(`${i}.dat`, i * 100))
  const inner = Buffer.concat([...many, Buffer.alloc(1024)])
  const outer = tarHeader('in.dat', `${inner.length.toString(8).padStart(11, '0')}\0`)
  const tar = Buffer.concat([...many, outer, inner, Buffer.alloc(10_240)])
  for (const archive of [tar, gzipSync(tar), packedBy('bzip2', tar)])
    assert.equal((await list(archive, 'a.tar')).unlisted, undefined)
})
