// What is put in front of an archive with another name, so that it is not looked into, is said: what was not seen is not taken for
// innocent. Archives as people send them say nothing.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { ArchiveLister } from '../../src/drivers/archives/archive-lister.ts'
import { tarHeader, zipOf } from '../support/hostile-archives.ts'
import { FOR, PATIENT } from '../support/listing.ts'

const lister = new ArchiveLister(error => {
  throw error
}, PATIENT)
after(() => lister.close())

type Packed = { readonly name: string; readonly content: Buffer; readonly damaged?: true }

const zipped = (files: readonly Packed[]): Buffer =>
  zipOf(
    files.map(({ name, content, damaged }) => ({
      name,
      data: deflateRawSync(content, { level: 9 }),
      method: 8,
      content: damaged ? Buffer.alloc(content.length, 'x') : content,
    })),
  )

function tarred(files: readonly Packed[]): Buffer {
  const pieces = files.flatMap(({ name, content }) => [
    tarHeader(name, `${content.length.toString(8).padStart(11, '0')}\0`),
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
  ])
  return gzipSync(Buffer.concat([...pieces, Buffer.alloc(1024)]), { level: 9 })
}

const HIDDEN = { name: 'a.txt', content: zipped([{ name: 'evil.exe', content: Buffer.from('x') }]) }
const ZEROS = Array.from({ length: 1200 }, (_, i) => ({
  name: `${i}.txt`,
  content: Buffer.alloc(0x8011),
}))
const DAMAGED = Array.from({ length: 130 }, (_, i) => ({
  name: `${i}.txt`,
  content: Buffer.alloc(1000),
  damaged: true as const,
}))

const list = async (bytes: Buffer, name: string) => {
  const { names, unlisted } = await lister.list([{ name, bytes, cut: false }], FOR)
  return { names, unlisted }
}

test('a renamed archive is seen where nothing is in front of it', async () => {
  for (const [name, bytes] of [
    ['a.zip', zipped([HIDDEN])],
    ['a.tar.gz', tarred([HIDDEN])],
  ] as const) {
    const { names, unlisted } = await list(bytes, name)
    assert.deepEqual([names.includes('evil.exe'), unlisted], [true, undefined])
  }
})

for (const [what, name, bytes] of [
  ['zeros, in a ZIP', 'a.zip', zipped([...ZEROS, HIDDEN])],
  ['zeros, in a packed tar', 'a.tar.gz', tarred([...ZEROS, HIDDEN])],
  ['damaged files', 'a.zip', zipped([...DAMAGED, HIDDEN])],
  ['nothing, but damaged itself', 'a.zip', zipped([{ ...HIDDEN, damaged: true }])],
] as const)
  test(`a renamed archive that is not looked into is said: behind ${what}`, async () => {
    const { names, unlisted } = await list(bytes, name)
    assert.ok(!names.includes('evil.exe'))
    assert.match(unlisted?.['large-archive'] ?? 'not said', /a file in it was not read/)
    assert.equal(unlisted?.archive, undefined, 'no evidence')
  })

test('archives as people send them say nothing', async () => {
  const folder = new URL('../../src/model/', import.meta.url)
  const sources = readdirSync(folder).map(name => ({
    name,
    content: readFileSync(new URL(name, folder)),
  }))
  const photos = Array.from({ length: 40 }, (_, i) => ({
    name: `IMG_${i}.jpg`,
    content: Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), randomBytes(500_000)]),
  }))
  const pages = Array.from({ length: 300 }, (_, i) => ({
    name: `word/media/sheet${i}.xml`,
    content: Buffer.from(`<?xml version="1.0"?>${'<w:p>words</w:p>'.repeat(4000)}`),
  }))
  for (const [name, bytes] of [
    ['sources.zip', zipped(sources)],
    ['sources.tar.gz', tarred(sources)],
    ['photos.zip', zipped(photos)],
    ['paper.docx', zipped(pages)],
    ['empty.zip', zipped([{ name: 'empty.txt', content: Buffer.alloc(0) }])],
  ] as const)
    assert.equal((await list(bytes, name)).unlisted, undefined, name)
})
