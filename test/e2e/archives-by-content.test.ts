// Archives that are told by their first bytes alone, whatever they are called: what bsdtar has written (Debian: libarchive-tools) is listed,
// images of file systems are known and cannot be.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { ArchiveLister } from '../../src/drivers/archives/archive-lister.ts'
import { archiveAtStart } from '../../src/mail/archive-kind.ts'
import { zipOf } from '../support/hostile-archives.ts'
import { FOR, PATIENT } from '../support/listing.ts'
import { run } from '../support/serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-archives-'))
const lister = new ArchiveLister(error => {
  throw error
}, PATIENT)
after(async () => {
  await lister.close()
  rmSync(folder, { recursive: true })
})
writeFileSync(join(folder, 'invoice.pdf.exe'), 'what is in it')

async function tarred(...args: readonly string[]): Promise<Buffer> {
  const archive = join(folder, 'archive')
  const done = await run('bsdtar', [...args, '-C', folder, '-cf', archive, 'invoice.pdf.exe'])
  assert.equal(done.code, 0, done.output)
  return readFileSync(archive)
}

const list = (bytes: Buffer, name: string) => lister.list([{ name, bytes, cut: false }], FOR)

for (const kind of [
  'cpio odc',
  'cpio newc',
  'cpio bin',
  'cpio pwb',
  'warc',
  'ustar --uuencode',
  'ustar --b64encode',
])
  test(`known by its bytes, whatever it is called, and listed: ${kind}`, async () => {
    const [format = '', more] = kind.replace('cpio ', '').split(' ')
    const bytes = await tarred(`--format=${format}`, ...(more ? [more] : []))
    assert.notEqual(archiveAtStart(bytes), undefined)
    const { names, unlisted } = await list(bytes, 'daten.dat')
    assert.equal(unlisted, undefined)
    assert.ok(names.includes('invoice.pdf.exe'), String(names))
    // In another one likewise.
    const within = await list(zipOf([{ name: 'bild.png', data: bytes, method: 0 }]), 'a.zip')
    assert.ok(within.names.includes('invoice.pdf.exe'), String(within.names))
  })

test('what zstd has packed is unpacked: a tar, another archive, and one file by its name', async () => {
  const setUp = 'invoice.pdf.exe'
  const stepped = Buffer.from('502a4d1800000000', 'hex')
  for (const [name, bytes] of [
    ['a.tar.zst', await tarred('--zstd')],
    ['a.tzst', await tarred('--zstd')],
    ['daten.dat', Buffer.concat([stepped, await tarred('--zstd')])],
    ['daten.dat', zstdCompressSync(await tarred('--format=zip'))],
    ['daten.dat', zstdCompressSync(await tarred('--format=7zip'))],
    ['daten.dat', zstdCompressSync(zstdCompressSync(await tarred('--format=ustar')))],
    [`${setUp}.zst`, zstdCompressSync(Buffer.from('what is in it'))],
  ] as const) {
    const { names, unlisted } = await list(bytes, name)
    assert.deepEqual([unlisted, names.includes(setUp)], [undefined, true], name)
  }
  const cut = (await tarred('--zstd')).subarray(0, -10)
  assert.match((await list(cut, 'a.tar.zst')).unlisted?.archive ?? '', /it is damaged/)
  const bomb = zstdCompressSync(Buffer.alloc(40 * 1024 * 1024))
  assert.match(
    (await list(bomb, 'a.tar.zst')).unlisted?.archive ?? '',
    /more than can be looked at/,
  )
})

test('an image of a file system is known, and cannot be listed', async () => {
  const image = Buffer.alloc(64 * 1024)
  image.writeUInt16LE(0xef53, 0x438)
  assert.equal(archiveAtStart(image), 'other')
  assert.ok((await list(image, 'e.img.dat')).unlisted)
})
