// Archives that other programs made: what is in them is read as those programs read it. RAR ones cannot be made with free
// software; those here are written by hand, and read by 7-Zip and libarchive, too.

import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { archiveReader } from '../../src/mail/archives/archive-names.ts'
import { run } from '../support/serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-archives-'))
after(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'in/below'), { recursive: true })
const FILES = ['invoice.pdf.exe', 'below/Grüße.txt', 'below/a rather long name of a file.js']
for (const name of FILES) writeFileSync(join(folder, 'in', name), `what is in ${name}`.repeat(50))
for (let i = 0; i < 60; i++) writeFileSync(join(folder, 'in/below', `file-${i}.dat`), String(i))

async function made(program: string, ...args: string[]): Promise<Buffer> {
  const archive = join(folder, `archive-${Math.random().toString(36).slice(2)}`)
  const done = await run(
    program,
    args.map(arg => (arg === 'ARCHIVE' ? archive : arg)),
  )
  assert.equal(done.code, 0, done.output)
  return readFileSync(archive)
}
const read = (archive: Buffer) => archiveReader(archive)?.(archive)
const names = (archive: Buffer) => read(archive)?.names.map(name => name.normalize('NFC')) ?? []
const hasAll = (archive: Buffer) => {
  for (const name of FILES)
    assert.ok(names(archive).includes(name), `${name} in ${names(archive).join(', ')}`)
  assert.equal(read(archive)?.encrypted, false)
}

const from = ['-C', join(folder, 'in'), '.']
const bySevenZip = async (...more: readonly string[]): Promise<Buffer> => {
  const archive = join(folder, Math.random().toString(36).slice(2))
  const done = await run('7zz', ['a', ...more, archive, `${join(folder, 'in')}/.`])
  assert.equal(done.code, 0, done.output)
  return readFileSync(more.includes('-t7z') ? `${archive}.7z` : `${archive}.zip`)
}

test('ZIP by libarchive and by 7-Zip, plain and encrypted', async () => {
  const byLibarchive = await made('bsdtar', '--format', 'zip', '-cf', 'ARCHIVE', ...from)
  for (const archive of [byLibarchive, await bySevenZip('-tzip')])
    for (const name of FILES)
      assert.ok(
        names(archive).some(one => one.endsWith(name)),
        name,
      )
  assert.equal(read(await bySevenZip('-tzip', '-psecret'))?.encrypted, true)
})

test('7z, its list compressed, plain and encrypted', async () => {
  const one = (...more: string[]) => bySevenZip('-t7z', ...more)
  hasAll(await one())
  hasAll(await one('-mhc=off'))
  hasAll(await one('-m0=lzma2', '-mx=9'))
  hasAll(await one('-m0=copy', '-ms=off'))
  const locked = await one('-psecret')
  assert.ok(names(locked).includes('invoice.pdf.exe'))
  assert.equal(read(locked)?.encrypted, true)
  assert.deepEqual(read(await one('-psecret', '-mhe=on')), { names: [], encrypted: true })
  const cut = await one()
  assert.deepEqual(read(cut.subarray(0, cut.length - 20)), { names: [], encrypted: false })
})

test('ISO images, with long names', async () => {
  hasAllBaseNames(await made('bsdtar', '--format', 'iso9660', '-cf', 'ARCHIVE', ...from))
})

/** An image has the names of files, folders apart. */
function hasAllBaseNames(archive: Buffer): void {
  for (const name of FILES.map(path => path.split('/').at(-1) ?? ''))
    assert.ok(names(archive).includes(name), `${name} in ${names(archive).join(', ')}`)
}

/** RAR 4: marker, main header, one stored file each, end. */
function oldRar(files: readonly string[]): Buffer {
  const block = (type: number, flags: number, rest: Buffer, data = Buffer.alloc(0)) => {
    const head = Buffer.alloc(5)
    head.writeUInt8(type, 0)
    head.writeUInt16LE(flags, 1)
    head.writeUInt16LE(7 + rest.length, 3)
    const checked = Buffer.concat([head, rest])
    const crc = Buffer.alloc(2)
    crc.writeUInt16LE(crc32(checked) & 0xffff)
    return Buffer.concat([crc, checked, data])
  }
  const file = (name: string) => {
    const data = Buffer.from(`what is in ${name}`)
    const rest = Buffer.alloc(25)
    rest.writeUInt32LE(data.length, 0)
    rest.writeUInt32LE(data.length, 4)
    rest.writeUInt8(2, 8)
    rest.writeUInt32LE(crc32(data), 9)
    rest.writeUInt8(20, 17)
    rest.writeUInt8(0x30, 18)
    rest.writeUInt16LE(name.length, 19)
    return block(0x74, 0x8000, Buffer.concat([rest, Buffer.from(name)]), data)
  }
  return Buffer.concat([
    Buffer.from('Rar!\x1a\x07\x00', 'latin1'),
    block(0x73, 0, Buffer.alloc(6)),
    ...files.map(file),
    block(0x7b, 0x4000, Buffer.alloc(0)),
  ])
}

/** RAR 5: marker, main header, stored files, end. */
function newRar(files: readonly string[]): Buffer {
  const number = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...number(value >> 7)]
  const block = (fields: readonly number[], rest: Buffer, data = Buffer.alloc(0)) => {
    const body = Buffer.concat([Buffer.from(fields), rest])
    const checked = Buffer.concat([Buffer.from(number(body.length)), body])
    const crc = Buffer.alloc(4)
    crc.writeUInt32LE(crc32(checked))
    return Buffer.concat([crc, checked, data])
  }
  const file = (name: string) => {
    const data = Buffer.from(`what is in ${name}`)
    const crc = Buffer.alloc(4)
    crc.writeUInt32LE(crc32(data))
    const title = Buffer.from(name)
    const fields = [2, 2, ...number(data.length), 4, ...number(data.length), 0]
    const rest = [crc, Buffer.from([0, 1, ...number(title.length)]), title]
    return block(fields, Buffer.concat(rest), data)
  }
  return Buffer.concat([
    Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1'),
    block([1, 0, 0], Buffer.alloc(0)),
    ...files.map(file),
    block([5, 0, 0], Buffer.alloc(0)),
  ])
}

test('RAR, old and new', async () => {
  const wanted = ['photo.jpg.scr', 'below/a.txt', `${'long'.repeat(40)}.js`]
  for (const [kind, archive] of Object.entries({ old: oldRar(wanted), five: newRar(wanted) })) {
    const file = join(folder, `${kind}.rar`)
    writeFileSync(file, archive)
    const listed = await run('bsdtar', ['-tf', file])
    assert.deepEqual(listed, { code: 0, output: `${wanted.join('\n')}\n` }, 'libarchive reads it')
    assert.deepEqual(names(archive), wanted, kind)
    for (let cut = 0; cut < archive.length; cut += 7) {
      const part = archive.subarray(0, cut)
      archiveReader(part)?.(part)
    }
  }
})

test('damaged archives end, and say what could be read', async () => {
  const samples = [
    oldRar(['a.exe']),
    newRar(['a.exe']),
    await made('bsdtar', '--format', 'iso9660', '-cf', 'ARCHIVE', ...from),
    await made('bsdtar', '--format', '7zip', '-cf', 'ARCHIVE', ...from),
  ]
  for (const sample of samples)
    for (let i = 0; i < 400; i++) {
      const damaged = Buffer.from(sample)
      for (let n = 0; n < 3; n++)
        damaged[6 + Math.floor(Math.random() * Math.min(sample.length - 6, 60_000))] = Math.floor(
          Math.random() * 256,
        )
      const began = performance.now()
      read(damaged)
      assert.ok(performance.now() - began < 5000)
    }
})
