import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { fuzzSeed } from '../../test/support/fuzz-seed.ts'
import { tarHeader, zipOf } from '../../test/support/hostile-archives.ts'
import { lockedRar, newRar, oldRar } from '../../test/support/rar-files.ts'
import { random } from '../simulation/population/random.ts'
import { archivesIn, isNamedArchive } from './archive-kind.ts'
import { fileExtension } from './file-extension.ts'
import { Summarizer } from './summary.ts'

const zip = zipOf([{ name: 'a.txt', data: deflateRawSync(Buffer.from('hello')), method: 8 }])
const kinds = (bytes: Buffer, cut = false) =>
  archivesIn(bytes, cut).map(({ kind, from, to }) => [kind, from, to])

test('archives are known by their bytes, wherever they begin', () => {
  const front = Buffer.from('GIF89a and more')
  const behind = Buffer.concat([front, zip])
  assert.deepEqual(kinds(zip), [['zip', 0, zip.length]])
  assert.deepEqual(kinds(behind), [['zip', front.length, behind.length]])
  assert.deepEqual(kinds(Buffer.concat([zip, zip])), [
    ['zip', zip.length, 2 * zip.length],
    ['zip', 0, zip.length],
  ])
  for (const rar of [oldRar(['a']), newRar(['a'])])
    for (const bytes of [rar, Buffer.concat([front, rar])])
      assert.deepEqual(kinds(bytes), [['rar', bytes.length - rar.length, bytes.length]])
  assert.deepEqual(
    kinds(gzipSync('x')).map(([kind]) => kind),
    ['stream'],
  )
  const tar = tarHeader('a.txt')
  assert.deepEqual(
    kinds(tar).map(([kind]) => kind),
    ['tar'],
  )
  assert.deepEqual(kinds(Buffer.from('\x8f\xaf\xac\x84 and a name', 'latin1')), [['other', 0, 15]])
  assert.ok(isNamedArchive('a.pmd'))
  // Of before POSIX: without the mark, and its sum is another.
  const old = Buffer.from(tar)
  old.fill(0, 257, 265)
  assert.deepEqual(kinds(old), [])
  const sum = old.fill(' ', 148, 156).reduce((all, byte) => all + byte, 0)
  old.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  assert.deepEqual(
    kinds(old).map(([kind]) => kind),
    ['tar'],
  )
})

test('other files are none, and what ends too early is one only where its end was not read', () => {
  for (const text of [
    '',
    'PK',
    'BZhello',
    'a-lh',
    'PK\x05\x06',
    'Rar!',
    '%PDF-1.7 PK\x03\x04',
    '\x5d\0\0abcdefghijk',
    '070707 is the number of our order, and this is no archive at all: it is a letter, in which it stands',
    'begin 600 words',
    `\xc7\x71${'a'.repeat(2000)}`,
  ])
    assert.deepEqual(kinds(Buffer.from(text, 'latin1')), [], text)
  assert.deepEqual(kinds(Buffer.alloc(70_000)), [])
  const begun = Buffer.concat([Buffer.from('GIF89a'), zip.subarray(0, 40)])
  assert.deepEqual(kinds(begun), [])
  assert.deepEqual(kinds(begun, true), [['zip', 6, begun.length]])
  for (const name of ['a.zip', 'a.zip. ', 'a.zip::$DATA', 'A.ISO', 'b.tar.gz', 'c.7z', 'd.vhdx'])
    assert.ok(isNamedArchive(name))
  for (const name of ['zip', 'a.docx', 'a.zip.pdf', 'a.svgz'])
    assert.ok(!isNamedArchive(name), name)
})

test('a mark without its header is in a library or a table of marks, and hides no archive behind it', () => {
  const marks = Buffer.from(
    `\0asm Rar!\x1a\x07\0A\x84\xcd\x01\x0b and Rar!\x1a\x07\x01\0AAAAAAAAAAAAAAA 7z\xbc\xaf\x27\x1c\0**ACE**\0\0\0\0\0\0\0\0\0`,
    'latin1',
  )
  assert.deepEqual(kinds(marks), [])
  for (const rar of [oldRar(['a']), newRar(['a']), lockedRar()])
    assert.deepEqual(kinds(Buffer.concat([marks, rar])), [
      ['rar', marks.length, marks.length + rar.length],
    ])
  const begun = Buffer.concat([marks, oldRar(['a']).subarray(0, 9)])
  assert.deepEqual(kinds(begun), [])
  assert.deepEqual(kinds(begun, true), [['rar', marks.length, begun.length]])
  const mark = Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1')
  const header = Buffer.alloc(20, 7)
  const sum = Buffer.alloc(4)
  for (const [right, behind] of [
    [true, Buffer.alloc(24)],
    [false, Buffer.concat([sum, header])],
    [true, Buffer.concat([(sum.writeUInt32LE(crc32(header)), Buffer.from(sum)), header])],
  ] as const) {
    const all = Buffer.concat([marks, mark, behind])
    assert.deepEqual(kinds(all), right ? [['7z', marks.length, all.length]] : [])
  }
})

test('many of them, and what was cut off, is said', () => {
  const read = (...parts: readonly (Buffer | string)[]) => {
    const summarizer = new Summarizer()
    for (const part of parts) summarizer.write(Buffer.from(part as string))
    return { summary: summarizer.finish('a@b.example'), archives: summarizer.archives }
  }
  const part = `--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${zip.toString('base64')}\r\n`
  const head = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n'
  const few = read(head, part, part, '--b--\r\n')
  assert.deepEqual([few.archives.length, few.summary.unreadable], [2, undefined])
  assert.deepEqual(Buffer.from(few.archives[0]?.bytes ?? []), zip)
  const many = read(head, part.repeat(21), '--b--\r\n')
  assert.deepEqual([many.archives.length, many.summary.unreadable], [20, ['large-archive']])
  const split = read('Content-Type: application/octet-stream; name="big.z02"\r\n\r\nxyz\r\n')
  assert.deepEqual(
    split.archives.map(one => one.name),
    ['big.z02'],
  )
  const large = Buffer.alloc(2_000_000, 'QUFB')
  const cut = read(head, part, part.slice(0, -2), large)
  assert.deepEqual(
    cut.archives.map(one => one.cut),
    [false, 'large'],
  )
  assert.deepEqual(
    read(head, part, '--b\r\n\r\n', large).archives.map(one => one.cut),
    [false],
  )
})

test('the extension of a file is what Windows takes for it', () => {
  const extensions: Record<string, string | undefined> = {
    'a.exe': 'exe',
    'a.exe. . ': 'exe',
    'a.pdf.js': 'js',
    'a.b/c': undefined,
    'x\\y.js': 'js',
    exe: undefined,
    '': undefined,
    '...': undefined,
    '.profile': 'profile',
    'a.exe::$DATA': 'exe',
    'a.exe:x': 'exe',
    'a.exe. :x:y. ': 'exe',
    'a.exe\0\x01 .': 'exe',
    'Re: a.exe': 'exe',
    'C:\\a.exe': 'exe',
    'Re: letter': undefined,
    ':::': undefined,
  }
  for (const [name, extension] of Object.entries(extensions))
    assert.equal(fileExtension(name), extension, name)
})

test('whatever is put behind a name in any order, Windows opens the same file', () => {
  const { below } = random(String(fuzzSeed(14)))
  const behind = ['.', ' ', '>', '"', '\0', '\x01', '\t', '::$DATA', ':x', ':$DATA', '\u00a0']
  for (let i = 0; i < 2000; i++) {
    const name = `run.exe${Array.from({ length: below(5) }, () => behind[below(behind.length)]).join('')}`
    assert.equal(fileExtension(name), 'exe', JSON.stringify(name))
  }
})
