// Archives that other programs made: every file in them that those programs list is listed, whatever the archive is called. RAR ones
// cannot be made with free software; those here are written by hand, and read by 7-Zip and libarchive, too.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ArchiveLister } from '../../src/drivers/archives/archive-lister.ts'
import type { ArchiveListing } from '../../src/ports/archives.ts'
import { random } from '../../src/simulation/population/random.ts'
import { tarHeader, zipInZip, zipOf } from '../support/hostile-archives.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { FOR, PATIENT } from '../support/listing.ts'
import { lockedRar, newRar, oldRar } from '../support/rar-files.ts'
import { run } from '../support/serve.ts'

const SEED = String(fuzzSeed(14))
const folder = mkdtempSync(join(tmpdir(), 'cordon-archives-'))
const lister = new ArchiveLister(error => {
  throw error
}, PATIENT)
after(async () => {
  await lister.close()
  rmSync(folder, { recursive: true })
})

mkdirSync(join(folder, 'in/below/example.com'), { recursive: true })
const FILES = ['invoice.pdf.exe', 'below/Grüße.txt', 'below/a rather long name of a file.js']
for (const name of FILES) writeFileSync(join(folder, 'in', name), `what is in ${name}`.repeat(50))
for (let i = 0; i < 60; i++)
  writeFileSync(join(folder, 'in/below/example.com', `file-${i}.dat`), String(i))

/** Of ISO images bsdtar lists them without a stroke. */
const FOLDERS = new Set(['.', 'below', 'below/example.com'])

let made = 0
/** ARCHIVE among the arguments is where it is to be written. */
async function madeBy(program: string, ...args: readonly string[]): Promise<Buffer> {
  const archive = join(folder, `archive-${made++}`)
  const done = await run('sh', [
    '-c',
    'cd "$0" && export LC_ALL=C.UTF-8 && exec "$@"',
    join(folder, 'in'),
    program,
    ...args.map(arg => (arg.startsWith('ARCHIVE') ? arg.replace('ARCHIVE', archive) : arg)),
  ])
  assert.equal(done.code, 0, done.output)
  return readFileSync(`${archive}${args.find(arg => arg.startsWith('ARCHIVE.'))?.slice(7) ?? ''}`)
}

const tarred = (...more: readonly string[]) => madeBy('bsdtar', ...more, '-cf', 'ARCHIVE', '.')
const bySevenZip = (suffix: string, ...more: readonly string[]) =>
  madeBy('7zz', 'a', ...more, `ARCHIVE.${suffix}`, '.')

const list = (bytes: Buffer, name = ''): Promise<ArchiveListing> =>
  lister.list([{ name, bytes, cut: false }], FOR)
const plain = (name: string) => name.normalize('NFC').replace(/^\.\//, '')

/** Names that a program lists, folders left out. */
async function listedBy(program: 'bsdtar' | '7zz', archive: Buffer): Promise<string[]> {
  const file = join(folder, 'second-opinion')
  writeFileSync(file, archive)
  const args = program === 'bsdtar' ? ['-tf', file] : ['l', '-ba', '-slt', file]
  const { output } = await run('env', ['LC_ALL=C.UTF-8', program, ...args])
  if (program === 'bsdtar')
    return output
      .split('\n')
      .filter(line => line !== '' && !/\/$|^bsdtar/.test(line) && !FOLDERS.has(line))
  return output.split('\n\n').flatMap(entry => {
    const path = /^Path = (.+)$/m.exec(entry)?.[1]
    return path === undefined || /^(?:Folder = \+|Attributes = D)/m.test(entry) ? [] : [path]
  })
}

/** Everything is listed that is in it, nothing is amiss, and of those other programs nobody lists more. */
async function isListed(
  archive: Buffer,
  {
    opinions = ['bsdtar', '7zz'] as const,
  }: { readonly opinions?: readonly ('bsdtar' | '7zz')[] } = {},
): Promise<void> {
  const { names, encrypted, unlisted } = await list(archive)
  const found = new Set(names.map(plain))
  assert.deepEqual({ encrypted, unlisted }, { encrypted: false, unlisted: undefined })
  for (const name of FILES) assert.ok(found.has(name), `${name} in ${names.join(', ')}`)
  assert.ok(![...found].some(name => /example\.com\/?$/.test(name)), 'a folder is no file')
  for (const program of opinions) {
    const theirs = await listedBy(program, archive)
    assert.ok(theirs.length > 60, `${program} lists ${theirs.join(', ')}`)
    assert.deepEqual(
      theirs.map(plain).filter(name => !found.has(name)),
      [],
      program,
    )
  }
}

test('ZIP by libarchive, 7-Zip and Info-ZIP, plain and encrypted, with other bytes in front', async () => {
  await isListed(await tarred('--format', 'zip'))
  const seven = await bySevenZip('zip', '-tzip')
  await isListed(seven)
  const info = await madeBy('zip', '-qr', 'ARCHIVE.zip', '.')
  await isListed(info)
  for (const front of ['MZ', 'GIF89a']) {
    const hidden = Buffer.concat([Buffer.from(front), Buffer.alloc(70_000, 0x2e), info])
    await isListed(hidden, { opinions: ['7zz'] })
  }
  for (const how of [['-psecret'], ['-psecret', '-mem=AES256']]) {
    const locked = await list(await bySevenZip('zip', '-tzip', ...how))
    assert.equal(locked.encrypted, true)
    assert.ok(locked.names.includes('invoice.pdf.exe'))
  }
  assert.equal(
    (await list(await madeBy('zip', '-qrP', 'secret', 'ARCHIVE.zip', '.'))).encrypted,
    true,
  )
})

test('7z, its list compressed, plain and encrypted', async () => {
  const one = (...more: string[]) => bySevenZip('7z', '-t7z', ...more)
  for (const how of [
    [],
    ['-mhc=off'],
    ['-m0=lzma2', '-mx=9'],
    ['-m0=copy', '-ms=off'],
    ['-m0=ppmd'],
  ])
    await isListed(await one(...how))
  await isListed(await tarred('--format', '7zip'))
  const locked = await list(await one('-psecret'))
  assert.equal(locked.encrypted, true)
  assert.ok(locked.names.includes('invoice.pdf.exe'))
  assert.deepEqual(await list(await one('-psecret', '-mhe=on')), { names: [], encrypted: true })
})

test('RAR, old and new, plain and encrypted', async () => {
  const wanted = ['photo.jpg.scr', 'below/a.txt', `${'long'.repeat(40)}.js`]
  for (const archive of [oldRar(wanted), newRar(wanted)]) {
    assert.deepEqual(await listedBy('bsdtar', archive), wanted)
    assert.deepEqual(await list(archive), { names: wanted, encrypted: false })
    const unpacksItself = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500_000, 0x90), archive])
    assert.deepEqual((await list(unpacksItself)).names, wanted)
  }
  for (const locked of [oldRar([], true), lockedRar()])
    assert.deepEqual(await list(locked), { names: [], encrypted: true })
})

test('ISO images by genisoimage and libarchive, with long names', async () => {
  await isListed(await tarred('--format', 'iso9660'))
  for (const how of ['-J', '-R', '-JR'])
    await isListed(await madeBy('genisoimage', '-quiet', how, '-o', 'ARCHIVE', '.'))
})

test('tar, and all that is packed once or twice', async () => {
  for (const format of ['ustar', 'pax', 'gnutar', 'v7tar'])
    await isListed(await tarred('--format', format))
  const tar = await tarred()
  await isListed(gzipSync(gzipSync(tar)), { opinions: ['bsdtar'] })
  for (const how of ['--gzip', '--xz', '--bzip2', '--lzma', '--compress'])
    await isListed(await tarred(how), { opinions: ['bsdtar'] })
  await isListed(gzipSync(await bySevenZip('zip', '-tzip')), { opinions: ['bsdtar'] })
})

test('one packed file has the name that its archive leaves, or was given', async () => {
  const of = async (program: string, name: string) => {
    const packed = await madeBy(
      'sh',
      '-c',
      `${program} -c invoice.pdf.exe > ARCHIVE`.replace('ARCHIVE', join(folder, 'one')),
      'ARCHIVE.none',
    ).catch(() => undefined)
    return list(packed ?? readFileSync(join(folder, 'one')), name)
  }
  assert.deepEqual(await of('gzip', 'holiday.gz'), {
    names: ['holiday', 'invoice.pdf.exe'],
    within: ['holiday.gz', 'holiday.gz'],
    encrypted: false,
  })
  for (const [program, suffix] of [
    ['gzip -n', 'gz'],
    ['bzip2', 'bz2'],
    ['xz', 'xz'],
    ['xz --format=lzma', 'lzma'],
  ])
    assert.deepEqual(await of(program ?? '', `run.exe.${suffix}`), {
      names: ['run.exe'],
      within: [`run.exe.${suffix}`],
      encrypted: false,
    })
})

/** PKWARE APPNOTE appendix D: without bit 11 it is the code page of whoever made it. */
test('names in any encoding keep their ends, and letters that turn others round', async () => {
  const zip = (name: Buffer, flags = 0) => zipOf([{ name, data: Buffer.from('x'), flags }])
  const bytes = Buffer.from('gr\x81\xe1e.exe', 'latin1')
  assert.deepEqual((await list(zip(bytes))).names, ['gr\x81áe.exe'])
  assert.ok((await list(zip(bytes, 0x800))).names.every(name => name.endsWith('e.exe')))
  assert.deepEqual((await list(zip(Buffer.from('a\u202egpj.exe'), 0x800))).names, [
    'a\u202egpj.exe',
  ])
  const tar = Buffer.concat([tarHeader('gr\xfc\xdfe.exe'), tarHeader('b.js'), Buffer.alloc(1024)])
  assert.deepEqual(await list(tar), { names: ['grüße.exe', 'b.js'], encrypted: false })
  assert.equal((await list(zip(Buffer.alloc(0)))).unlisted?.archive, 'an entry has no name')
})

test('what the directory of a ZIP says and what stands before its files is listed, both; and both of two', async () => {
  const [good, bad] = ['readme.txt', 'run.exe'].map(name => ({ name, data: Buffer.from('x') }))
  assert.ok(good && bad)
  for (const zip of [
    zipOf([good], [bad]),
    zipOf([bad], [good]),
    Buffer.concat([zipOf([bad]), zipOf([good])]),
    Buffer.concat([zipOf([good]), zipOf([bad])]),
    Buffer.concat([zipOf([bad]), Buffer.alloc(100_000), zipOf([good])]),
  ])
    assert.deepEqual((await list(zip)).names.toSorted(), ['readme.txt', 'run.exe'])
})

test('archives in archives, three deep, whatever they are called', async () => {
  const file = (name: string, data: Buffer) => zipOf([{ name, data }])
  const innermost = file('run.exe', Buffer.from('MZ'))
  for (const depth of [1, 2, 3]) {
    const { names, unlisted } = await list(zipInZip(depth, innermost, 'picture.jpg'))
    assert.deepEqual([names.includes('run.exe'), unlisted], [true, undefined], String(depth))
  }
  const deeper = await list(zipInZip(4, gzipSync(innermost), 'picture.jpg'))
  assert.equal(deeper.names.includes('run.exe'), false)
  assert.match(deeper.unlisted?.archive ?? '', /deep/)
  for (const inner of [
    await bySevenZip('7z', '-t7z'),
    newRar(['invoice.pdf.exe']),
    await tarred('--xz'),
    await madeBy('genisoimage', '-quiet', '-J', '-o', 'ARCHIVE', '.'),
  ])
    for (const outer of [file('a.dat', inner), gzipSync(file('a.dat', inner))]) {
      const { names, unlisted } = await list(outer)
      assert.deepEqual([names.map(plain).includes('invoice.pdf.exe'), unlisted], [true, undefined])
    }
  // What says that it is an archive, and is none.
  assert.match(
    (await list(file('a.zip', Buffer.from('MZ\0hello')))).unlisted?.archive ?? '',
    /the name of an archive, and is none/,
  )
})

test('of what cannot be listed that is said', async () => {
  const packed = await tarred('--lz4')
  assert.equal((await list(packed)).unlisted?.archive, 'lz4 is a kind that is not looked into')
  for (const archive of [
    packed,
    await tarred('--format', 'xar'),
    gzipSync(await bySevenZip('7z')),
  ]) {
    const { names, unlisted } = await list(archive)
    assert.deepEqual(names, [])
    assert.ok(unlisted?.archive)
  }
  assert.ok((await list(Buffer.from('MZ\0hello'), 'holiday.zip')).unlisted?.archive)
  const [bytes, name] = [zipOf([{ name: 'a.txt', data: Buffer.from('x') }]), 'a.zip']
  const { names, unlisted } = await lister.list([{ bytes, name, cut: 'large' }], FOR)
  assert.deepEqual(
    [names, unlisted],
    [['a.txt'], { 'large-archive': 'a.zip: only the first mebibyte of a message is read' }],
  )
})

test('what is called like an archive and is plainly text, a picture or PDF is none', async () => {
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(300, 1)])
  for (const [name, bytes] of [
    ['README.gz', Buffer.from('Grüße\tfrom\r\na browser\n')],
    ['pic.zip', png],
    ['pic.zip', Buffer.from('\xff\xd8\xff\xe0\0', 'latin1')],
    ['a.zip', Buffer.from('%PDF-1.7\n\0')],
  ] as const)
    assert.deepEqual(await list(bytes, name), { names: [], encrypted: false }, name)
  // What stands behind it is listed all the same, and what is neither is said.
  const hidden = Buffer.concat([png, zipOf([{ name: 'run.exe', data: Buffer.from('MZ') }])])
  assert.deepEqual((await list(hidden, 'pic.zip')).names, ['run.exe'])
  for (const bytes of [Buffer.from('hello\0'), Buffer.from('gr\xfc\xdfe', 'latin1')])
    assert.ok((await list(bytes, 'a.zip')).unlisted?.archive)
})

test('a part of a split archive is large, not damaged, and names in it count', async () => {
  const zip = zipOf([
    { name: 'run.exe', data: Buffer.alloc(3000, 'MZ') },
    { name: 'b.txt', data: Buffer.alloc(3000, 'b') },
  ])
  const ends = Buffer.from(zip)
  ends.writeUInt16LE(1, ends.length - 18)
  const rest = ends.subarray(3500)
  const marked = Buffer.concat([Buffer.from('PK\x07\x08'), zip.subarray(0, 3500)])
  for (const [name, bytes, names] of [
    ['big.zip.001', zip.subarray(0, 3500), ['run.exe']],
    ['big.001', zip.subarray(0, 3500), ['run.exe']],
    ['big.zip.002', zip.subarray(1000, 2000), []],
    ['big.z01', marked, ['run.exe']],
    ['big.part2.rar', oldRar(['a.exe']).subarray(0, -20), ['a.exe']],
    ['big.r07', Buffer.alloc(900, 7), []],
    ['big.zip', rest, ['b.txt']],
  ] as const) {
    const { names: found, unlisted = {} } = await list(bytes, name)
    assert.match(unlisted['large-archive'] ?? '', /part of a split archive/, name)
    assert.deepEqual(Object.keys(unlisted), ['large-archive'], name)
    for (const one of names) assert.ok(found.includes(one), `${name}: ${found.join()}`)
  }
})

test('what is found, locked or wrong is told with the archive it is in', async () => {
  const bad = { name: 'run.exe', data: Buffer.from('MZ') }
  const inner = zipOf([bad])
  const outer = zipOf([{ name: 'inner.zip', data: inner }])
  const good = { name: 'photos.zip', bytes: zipOf([{ name: 'a.jpg', data: Buffer.from('x') }]) }
  const attached = [good, { name: 'outer.zip', bytes: outer }].map(one => ({
    ...one,
    cut: false as const,
  }))
  const { names, within = [] } = await lister.list(attached, FOR)
  assert.match(within[names.indexOf('run.exe')] ?? '', /^(?:inner\.zip in )?outer\.zip$/)
  assert.equal(within[names.indexOf('a.jpg')], 'photos.zip')
  const torn = { name: 'holiday.zip', bytes: outer.subarray(0, 60), cut: false as const }
  const { unlisted } = await lister.list([...attached, torn], FOR)
  assert.match(unlisted?.archive ?? '', /^holiday\.zip: /)
  const locked = await bySevenZip('zip', '-tzip', '-psecret', '-mem=AES256')
  assert.match((await list(locked, 'enc.zip')).locked ?? '', /^.+ in enc\.zip$/)
  for (const [name, bytes, words] of [
    ['empty.zip', Buffer.alloc(0), 'empty.zip: the file is empty'],
    ['log.gz', gzipSync(Buffer.alloc(0)), 'log.gz: there is nothing in it'],
  ] as const)
    assert.equal((await list(bytes, name)).unlisted?.archive, words)
})

async function samples(): Promise<Buffer[]> {
  return [
    oldRar(['a.exe', 'b.txt']),
    newRar(['a.exe', 'b.txt']),
    await tarred('--format', 'iso9660'),
    await bySevenZip('7z'),
    await bySevenZip('zip'),
    await tarred('--gzip'),
    await tarred('--xz'),
    await tarred('--bzip2'),
    await tarred(),
  ]
}

test('an archive that is cut off anywhere is not taken for a whole one', async () => {
  for (const sample of await samples()) {
    const whole = await list(sample)
    for (let sixteenth = 1; sixteenth < 16; sixteenth++) {
      const cut = sample.subarray(0, Math.floor((sample.length * sixteenth) / 16))
      const { names, unlisted } = await list(cut, 'cut.zip')
      const isAll = whole.names.every(name => names.includes(name))
      if (unlisted !== undefined || isAll) continue
      // A RAR need not say that it ends: then nobody can list more.
      const theirs = await listedBy('bsdtar', cut)
      assert.ok(cut.toString('latin1', 0, 4) === 'Rar!', `${sixteenth}/16: ${names.length} names`)
      assert.deepEqual(
        theirs.filter(name => !names.includes(name)),
        [],
      )
    }
  }
})

test('an empty ZIP has nothing in it; one byte more, and it cannot be read', async () => {
  const empty = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)])
  const listed = await list(empty, 'empty.zip')
  assert.deepEqual([listed.names, listed.unlisted], [[], undefined])
  assert.ok((await list(Buffer.concat([empty, Buffer.from('x')]), 'empty.zip')).unlisted)
})

test(`damaged archives end (CORDON_FUZZ_SEED=${SEED})`, async () => {
  const { below } = random(SEED)
  for (const sample of await samples())
    for (let i = 0; i < 15; i++) {
      const damaged = Buffer.from(sample)
      for (let n = 0; n < 3; n++)
        damaged[6 + below(Math.min(sample.length - 6, 60_000))] = below(256)
      await list(damaged, 'damaged.zip')
    }
  // And nothing of that is left.
  const { names } = await list(zipOf([{ name: 'a.txt', data: Buffer.from('x') }]))
  assert.deepEqual(names, ['a.txt'])
})
