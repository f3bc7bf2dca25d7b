// Of generated ZIPs in which nothing need agree, every name that Python's zipfile, Info-ZIP, 7-Zip or libarchive shows is one that we list, or
// we said that it cannot be read. First each of them is seen to open many, so that the readers are asked something.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ArchiveLister } from '../../src/drivers/archives/archive-lister.ts'
import { random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { FOR, PATIENT } from '../support/listing.ts'
import { run } from '../support/serve.ts'
import { oddZip } from './odd-zips.ts'

const SEED = fuzzSeed(14)
const COUNT = 150

const folder = mkdtempSync(join(tmpdir(), 'cordon-zips-'))
const lister = new ArchiveLister(error => {
  throw error
}, PATIENT)
after(async () => {
  await lister.close()
  rmSync(folder, { recursive: true })
})

/** Each is run once, prints `== FILE` and then what it lists of it. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  zipfile: [
    'python3',
    '-c',
    `import sys, zipfile
for file in sys.argv[1:]:
    print('==', file)
    try: print('\\n'.join(zipfile.ZipFile(file).namelist()))
    except Exception: pass`,
  ],
  ...Object.fromEntries(
    Object.entries({ unzip: 'unzip -Z1', '7zz': '7zz l -ba -slt', bsdtar: 'bsdtar -tf' }).map(
      ([name, command]) => [
        name,
        [
          'sh',
          '-c',
          `for f do echo "== $f"; ${command} "$f" </dev/null 2>/dev/null; done; true`,
          'sh',
        ],
      ],
    ),
  ),
}

test(`whatever is shown of a ZIP is listed (CORDON_FUZZ_SEED=${SEED})`, async () => {
  const luck = random(String(SEED))
  const zips = Array.from({ length: COUNT }, (_, i) => {
    const file = join(folder, `${i}.zip`)
    const odd = oddZip(luck)
    writeFileSync(file, odd.zip)
    return { file, ...odd }
  })
  const shown = new Map<string, Set<string>>()
  for (const [reader, [program = '', ...args]] of Object.entries(READERS)) {
    const { output } = await run(program, [...args, ...zips.map(({ file }) => file)])
    let opened = 0
    for (const text of output.split('== ').slice(1)) {
      const names = text.match(/file-\d+\.\w+/g) ?? []
      const [file = ''] = text.split('\n', 1)
      if (names.length > 0) opened++
      for (const name of names)
        shown.set(file, (shown.get(file) ?? new Set()).add(`${reader} ${name}`))
    }
    assert.ok(opened > COUNT / 3, `${reader} opens ${opened}`)
  }
  for (const { file, zip, kinds } of zips) {
    const listed = await lister.list([{ name: 'a.zip', bytes: zip, cut: false }], FOR)
    // What is only large is taken: names in it count.
    if (listed.unlisted?.archive !== undefined) continue
    const missing = [...(shown.get(file) ?? [])].filter(
      one => !listed.names.includes(one.split(' ')[1] ?? ''),
    )
    assert.deepEqual(missing, [], kinds.join(', '))
  }
})
