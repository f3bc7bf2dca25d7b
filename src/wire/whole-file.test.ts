// What is no regular file is refused at once, wherever files that the configuration names are read; and no other code opens them.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderOf } from '../../test/support/owned.ts'
import { passwordFile } from '../drivers/credentials/password-file.ts'
import { readFeed } from '../drivers/directory/subscriber-feed.ts'
import { contactList } from '../sensors/flows/contact-list.ts'
import { FollowedFile } from '../sensors/kea/lease-file.ts'
import { CustomerTable } from './customer-table.ts'
import { wholeFile, wholeFileNow } from './whole-file.ts'

const PIPE = /is no regular file, but a pipe or a device/

function pipeIn(t: TestContext): string {
  const path = join(folderOf(t), 'a-file')
  execFileSync('sh', ['-c', 'mkfifo "$0"', path])
  return path
}

/** The whole file comes back under the pipe's name. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}

test('a pipe, a device and a folder are refused at once; so is what is too large', async t => {
  const pipe = pipeIn(t)
  const folder = folderOf(t)
  const large = join(folder, 'large')
  writeFileSync(large, 'four')
  for (const [path, words] of [
    [pipe, PIPE],
    ['/dev/zero', PIPE],
    [folder, /is a folder; a file is wanted there/],
    [large, /is too large/],
  ] as const) {
    assert.throws(() => wholeFileNow(path, 3), words)
    await assert.rejects(() => wholeFile(path, 3), words)
  }
  assert.equal(wholeFileNow(large, 4).bytes.toString(), 'four')
  const { bytes, mark } = await wholeFile(large, 4)
  assert.deepEqual([bytes.toString(), mark], ['four', wholeFileNow(large).mark])
  writeFileSync(large, '')
  assert.equal((await wholeFile(large)).bytes.length, 0)
})

test('a feed that became a pipe is refused, and read when it is a file again', async t => {
  const csv = pipeIn(t)
  await assert.rejects(() => readFeed({ csv }), PIPE)
  replace(csv, 'id,logins\nanna,anna@isp.example\n')
  assert.equal((await readFeed({ csv }))[0]?.id, 'anna')
})

test('a file of passwords that became a pipe keeps no login waiting', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: 10_000 })
  const path = pipeIn(t)
  const told: string[] = []
  const source = passwordFile(path, error => void told.push(String(error)))
  for (let login = 0; login < 6; login++)
    assert.equal(await source.hashOf?.(`login${login}@isp.example`), undefined)
  assert.match(told.join(), PIPE)
  replace(path, 'anna@isp.example:hash\n')
  t.mock.timers.tick(1000)
  assert.equal(await source.hashOf?.('anna@isp.example'), 'hash')
})

test('tables, contact lists and lease files that became pipes likewise', t => {
  const path = pipeIn(t)
  const table = new CustomerTable(path)
  assert.throws(() => table.refresh(), PIPE)
  const told: string[] = []
  const contacts = contactList([path], error => void told.push(String(error)))
  assert.match(told.join(), PIPE)
  assert.throws(() => [...new FollowedFile(path).lines()], PIPE)
  replace(path, '192.0.2.1,anna\n')
  assert.equal(table.refresh(), true)
  contacts.refresh()
  assert.equal(contacts.size, 1)
  rmSync(path)
  mkdirSync(path)
  assert.throws(() => table.refresh(), /is a folder/)
})

/** Files of our own, of the system or of the package; none of them is named in the configuration. */
const OPEN_OTHERS = [
  // The configuration itself, likewise: config/ imports nothing of wire/.
  'src/config/read-source.ts',
  'src/app/town-folder.ts',
  'src/gateway/letter-in.ts',
  'src/app/folder-owner.ts',
  'src/app/version.ts',
  // What is copied is in the data folder, or in a backup.
  'src/drivers/backup/copy-file.ts',
  'src/app/read-again.ts',
  'src/drivers/journal/journal-part.ts',
  'src/drivers/journal/read-journal.ts',
  'src/drivers/delivery/maildir.ts',
  'src/drivers/sqlite/same-file.ts',
  'src/drivers/sqlite/write-ahead-log.ts',
  'src/drivers/list-files/list-files.ts',
  'src/drivers/write-whole.ts',
  'src/drivers/spool/spool-sqlite.ts',
  'src/drivers/spool/draft.ts',
  'src/drivers/spool/whole-body.ts',
  'src/drivers/archives/libarchive.ts',
  // Logs that are named on the command line.
  'src/wire/log-lines/read-log.ts',
  'src/wire/whole-file.ts',
]

test('no other file opens what the configuration names', () => {
  const opens =
    /import \{[^}]*\b(?:readFileSync|readFile|openSync|createReadStream|open)\b[^}]*\} from 'node:fs/
  const found = globSync('src/**/*.ts').filter(
    file =>
      !file.endsWith('.test.ts') &&
      !/^src\/(cli|lab)\//.test(file) &&
      opens.test(readFileSync(file, 'utf8')),
  )
  assert.deepEqual(found.toSorted(), [...OPEN_OTHERS].toSorted())
})
