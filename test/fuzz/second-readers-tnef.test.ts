// What tnef(1) and ytnef (Debian: tnef, ytnef-tools) unpack of a winmail.dat, and Python's email reads in the messages among it, we have seen:
// names, and the bytes of archives, however deep they stand. And all that was planted.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { isTnef } from '../../src/mail/mime/tnef.ts'
import { Summarizer } from '../../src/mail/summary.ts'
import { random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { secondReader } from '../support/second-reader.ts'
import { run } from '../support/serve.ts'
import { oddWinmail } from './odd-winmails.ts'

const FILES = 120
const SEED = fuzzSeed(1)
const MOST_ARCHIVES = 20

const folder = mkdtempSync(join(tmpdir(), 'cordon-tnef-'))
const python = secondReader()
const archives: Record<string, Buffer> = {}
before(async () => {
  writeFileSync(join(folder, 'run.exe'), 'MZ')
  for (const extension of ['zip', 'tar', '7z']) {
    const path = join(folder, `a.${extension}`)
    const { code, output } = await run('bsdtar', ['-caf', path, '-C', folder, 'run.exe'])
    assert.equal(code, 0, output)
    archives[extension] = readFileSync(path)
  }
  archives['tgz'] = gzipSync(archives['tar'] as Buffer)
})
after(async () => {
  await python.stop()
  rmSync(folder, { recursive: true })
})

type Unpacked = { readonly name: string; readonly bytes: Buffer }

const READERS: Readonly<Record<string, (path: string, to: string) => readonly string[]>> = {
  tnef: (path, to) => ['-C', to, path],
  ytnef: (path, to) => ['-f', to, path],
}

/** Its files, and those of each winmail.dat among them. */
async function unpackedBy(reader: string, bytes: Buffer): Promise<readonly Unpacked[]> {
  const to = mkdtempSync(join(folder, 'out-'))
  const path = join(folder, 'winmail.dat')
  writeFileSync(path, bytes)
  mkdirSync(to, { recursive: true })
  await run(reader, READERS[reader]?.(path, to) ?? [])
  const files = readdirSync(to).map(name => ({ name, bytes: readFileSync(join(to, name)) }))
  rmSync(to, { recursive: true })
  const inner = []
  for (const one of files) if (isTnef(one.bytes)) inner.push(await unpackedBy(reader, one.bytes))
  return [...files, ...inner.flat()]
}

function readByUs(bytes: Buffer) {
  const text = bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')
  const summarizer = new Summarizer()
  summarizer.write(
    Buffer.from(`Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n${text}`),
  )
  return { ...summarizer.finish('a@isp.example'), archives: summarizer.archives }
}

test('no program sees a file that we do not', async t => {
  const drawing = { luck: random(String(SEED)), archives, count: 0 }
  let [told, letters] = [0, 0]
  for (let i = 0; i < FILES; i++) {
    const planted = oddWinmail(drawing)
    if (planted.archives.length > MOST_ARCHIVES / 2) continue
    const ours = readByUs(planted.bytes)
    const why = `seed ${SEED}, file ${i}: ${planted.bytes.toString('base64').slice(0, 4000)}`
    const hasArchive = (one: Buffer) => ours.archives.some(({ bytes }) => one.equals(bytes))
    assert.deepEqual(
      {
        names: planted.names.filter(name => !ours.attachments.includes(name)),
        hosts: planted.hosts.filter(host => !ours.linkHosts.includes(host)),
        archives: planted.archives.filter(one => !hasArchive(one)).length,
        unreadable: ours.unreadable,
      },
      { names: [], hosts: [], archives: 0, unreadable: undefined },
      why,
    )
    for (const reader of Object.keys(READERS))
      for (const { name, bytes } of await unpackedBy(reader, planted.bytes)) {
        if (!/^file-\d+\.[a-z\d]+$/.test(name)) continue
        told++
        assert.ok(ours.attachments.includes(name), `${reader} sees ${name}; ${why}`)
        if (/\.(?:zip|7z|tar|tgz)$/.test(name))
          assert.ok(hasArchive(bytes), `${reader} unpacks ${name}; ${why}`)
        if (!name.endsWith('.eml')) continue
        letters++
        const [seen] = await python.read([bytes])
        for (const file of seen?.default.files ?? [])
          assert.ok(ours.attachments.includes(file), `Python sees ${file}; ${why}`)
      }
  }
  assert.ok(told > 2 * FILES && letters > FILES / 10, `they read them: ${told} files`)
  t.diagnostic(`${FILES} winmail.dats, ${told} files unpacked, ${letters} messages`)
})
