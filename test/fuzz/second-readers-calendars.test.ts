// What icalendar (Debian: python3-icalendar) reads in a calendar, we have seen: names and bytes of files, hosts of links. And all that was
// planted; and no link that is not there.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Summarizer } from '../../src/mail/summary.ts'
import { random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { run } from '../support/serve.ts'
import { type Drawing, oddCalendar } from './odd-calendars.ts'

const CALENDARS = 600
const SEED = fuzzSeed(1)
const SCRIPT = join(import.meta.dirname, '../support/calendar-reader.py')
const TYPES = [
  'text/calendar; method=REQUEST; charset=utf-8',
  'text/x-vcalendar',
  'application/ics',
  'application/octet-stream; name=invite.ics',
]

const folder = mkdtempSync(join(tmpdir(), 'cordon-calendars-'))
const archives: Record<string, Buffer> = {}
before(async () => {
  writeFileSync(join(folder, 'run.exe'), 'MZ')
  for (const extension of ['zip', 'tar']) {
    const path = join(folder, `a.${extension}`)
    const { code, output } = await run('bsdtar', ['-caf', path, '-C', folder, 'run.exe'])
    assert.equal(code, 0, output)
    archives[extension] = readFileSync(path)
  }
  archives['tgz'] = gzipSync(archives['tar'] as Buffer)
})
after(() => rmSync(folder, { recursive: true }))

type Theirs = {
  readonly files: readonly { readonly names: readonly string[]; readonly bytes: string }[]
  readonly values: readonly string[]
  readonly gaveUp?: true
}

async function readByIcalendar(calendars: readonly string[]): Promise<readonly Theirs[]> {
  const lines = calendars.map(one => `${Buffer.from(one).toString('base64')}\n`)
  const { output } = await run('/usr/bin/python3', [SCRIPT], lines.join(''))
  return output
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Theirs)
}

function readByUs(text: string, type: string) {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(`Content-Type: ${type}\r\n\r\n${text}`, 'latin1'))
  return { ...summarizer.finish('a@isp.example'), archives: summarizer.archives }
}

test('icalendar sees no file and no link that we do not', async t => {
  const drawing: Drawing = { luck: random(String(SEED)), archives, count: 0 }
  const planted = Array.from({ length: CALENDARS }, () => oddCalendar(drawing))
  const theirs = await readByIcalendar(planted.map(({ text }) => text))
  let [files, hosts] = [0, 0]
  for (const [i, one] of planted.entries()) {
    const { linkHosts, ...ours } = readByUs(one.text, TYPES[i % TYPES.length] as string)
    const why = `seed ${SEED}, calendar ${i}: ${one.text}`
    const hasArchive = (bytes: Buffer) => ours.archives.some(found => bytes.equals(found.bytes))
    assert.deepEqual(
      {
        names: one.names.filter(name => !ours.attachments.includes(name)),
        archives: one.archives.filter(bytes => !hasArchive(bytes)).length,
        missed: one.hosts.filter(host => !linkHosts.includes(host)),
        unreadable: ours.unreadable,
      },
      { names: [], archives: 0, missed: [], unreadable: undefined },
      why,
    )
    assert.deepEqual(
      linkHosts.filter(
        host => !one.hosts.includes(host) && host !== '127.0.0.1' && host !== 'evil.example',
      ),
      [],
      why,
    )
    const seen = theirs[i] as Theirs
    for (const { names, bytes } of seen.files) {
      files++
      for (const name of names) assert.ok(ours.attachments.includes(name), `${name}; ${why}`)
      if (names.some(name => /\.(?:zip|tar|tgz)$/.test(name)))
        assert.ok(hasArchive(Buffer.from(bytes, 'base64')), `${names}; ${why}`)
    }
    for (const [, host = ''] of seen.values.join('\n').matchAll(/http:\/\/([\w.%-]+)/g)) {
      hosts++
      assert.ok(linkHosts.includes(host), `${host}; ${why}`)
    }
  }
  assert.ok(files > CALENDARS / 2 && hosts > CALENDARS / 4, `it read them: ${files}, ${hosts}`)
  t.diagnostic(`${CALENDARS} calendars, ${files} files and ${hosts} links seen by icalendar`)
})
