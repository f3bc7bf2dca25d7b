import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { mounts } from '../../../test/support/as-root.ts'
import { readManifest } from './manifest.ts'
import { restoreBackup } from './restore-backup.ts'
import { RESTORE_MARK } from './restore-mark.ts'
import { takeBackup } from './take-backup.ts'
import { verifyBackup } from './verify-backup.ts'

/** A data folder with a queue of two large messages, one of which has lost its body. */
function dataFolder(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-backup-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  const put = (path: string, text = path) => {
    mkdirSync(dirname(join(data, path)), { recursive: true })
    writeFileSync(join(data, path), text)
  }
  for (const path of [
    'spool-id',
    'spool/id',
    'lock.db',
    'event-index.db',
    'spool/bodies/here',
    'spool/bodies/no-row',
    'spool/bodies/half.part',
    'keys/dkim.pem',
    'journal/2026112112.jsonl',
    'coa-bng%2F1.json',
    'mailboxes/anna/new/1.a.host',
    'mailboxes/anna/new/2.b.host',
    'mailboxes/anna/cur/1.a.host:2,S',
    'mailboxes/anna/tmp/3.c.host',
    'mailboxes/anna/.Sent/cur/4.d.host:2,',
    'mailboxes/anna/.Sent/new/5.e.host.new',
  ])
    put(path)
  mkdirSync(join(data, 'mailboxes/anna/.Sent/tmp'))
  const open: DatabaseSync[] = []
  t.after(() => open.forEach(one => one.close()))
  const database = (path: string, ...sql: string[]) => {
    const one = new DatabaseSync(join(data, path))
    open.push(one)
    // Open, so that all of it lies in the log beside the database.
    for (const words of ['PRAGMA journal_mode = WAL', ...sql]) one.exec(words)
    return one
  }
  database('ledger.db', 'CREATE TABLE record (x)', "INSERT INTO record VALUES ('told')")
  const queue = database(
    'spool/spool.db',
    'CREATE TABLE message (id TEXT, file TEXT)',
    'CREATE TABLE recipient (message TEXT)',
    "INSERT INTO message VALUES ('a', 'here'), ('b', 'gone'), ('c', NULL)",
    "INSERT INTO recipient VALUES ('a'), ('b'), ('c')",
  )
  return { data, to: join(folder, 'copy'), back: join(folder, 'back'), queue }
}

const parts = { version: '1.2.3', now: () => 1 }
const rows = (file: string, sql: string) => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database
      .prepare(sql)
      .all()
      .map(row => Object.values(row)[0])
  } finally {
    database.close()
  }
}

test('all of a data folder is put back but what is made anew; a message that was read meanwhile is there once', t => {
  const { data, to, back } = dataFolder(t)
  takeBackup({ data, to, ...parts })
  restoreBackup(to, back)
  const { files } = readManifest(to)
  assert.deepEqual(files.map(one => one.path).toSorted(), [
    'coa-bng%2F1.json',
    'journal/2026112112.jsonl',
    'keys/dkim.pem',
    'ledger.db',
    'mailboxes/anna/.Sent/cur/4.d.host:2,',
    'mailboxes/anna/.Sent/new/5.e.host.new',
    'mailboxes/anna/new/1.a.host',
    'mailboxes/anna/new/2.b.host',
    'spool-id',
    'spool/bodies/here',
    'spool/id',
    'spool/spool.db',
  ])
  for (const { path } of files.filter(one => !one.path.endsWith('.db')))
    assert.equal(readFileSync(join(back, path), 'utf8'), path)
  assert.deepEqual(rows(join(back, 'ledger.db'), 'SELECT x FROM record'), ['told'])
})

test('a message whose body the queue itself has lost stays in the copy, so that its loss is said there', t => {
  const { data, to } = dataFolder(t)
  takeBackup({ data, to, ...parts })
  assert.deepEqual(rows(join(to, 'files/spool/spool.db'), 'SELECT id FROM message'), [
    'a',
    'b',
    'c',
  ])
  assert.deepEqual(verifyBackup(to).faults, [])
})

test('a message that was delivered while its body was to be copied is in the copy no more', t => {
  const { data, to, queue } = dataFolder(t)
  const delivered = () => {
    queue.exec("DELETE FROM recipient WHERE message = 'b'; DELETE FROM message WHERE id = 'b'")
  }
  takeBackup({ data, to, ...parts, copied: delivered })
  assert.deepEqual(rows(join(to, 'files/spool/spool.db'), 'SELECT id FROM message'), ['a', 'c'])
  assert.deepEqual(verifyBackup(to).faults, [])
})

test('a list that was changed is refused', t => {
  const { data, to } = dataFolder(t)
  takeBackup({ data, to, ...parts })
  const list = join(to, 'backup.json')
  writeFileSync(list, readFileSync(list, 'utf8').replace('"version":"1.2.3"', '"version":"1.2.4"'))
  assert.throws(() => verifyBackup(to), /backup\.json is damaged/)
})

test('a path that leads out of the folder is not put back', t => {
  const { data, to, back } = dataFolder(t)
  takeBackup({ data, to, ...parts })
  const list = join(to, 'backup.json')
  writeFileSync(list, readFileSync(list, 'utf8').replace('"spool-id"', '"../escape"'))
  assert.throws(() => restoreBackup(to, back), /backup\.json is damaged/)
  assert.ok(!existsSync(back))
})

test('a file that the list does not name, and a link in place of one, are faults, and nothing is put back', t => {
  const { data, to, back } = dataFolder(t)
  takeBackup({ data, to, ...parts })
  const extra = join(to, 'files/extra')
  writeFileSync(extra, '')
  assert.deepEqual(verifyBackup(to).faults, ['extra: backup.json does not name it'])
  rmSync(extra)
  const key = join(to, 'files/keys/dkim.pem')
  const elsewhere = join(data, 'keys/dkim.pem')
  assert.deepEqual(readFileSync(key), readFileSync(elsewhere))
  rmSync(key)
  symlinkSync(elsewhere, key)
  assert.deepEqual(verifyBackup(to).faults, ['keys/dkim.pem: it is no regular file'])
  assert.throws(() => restoreBackup(to, back), /nothing was put back\. keys\/dkim\.pem/)
  const keys = dirname(key)
  rmSync(keys, { recursive: true })
  symlinkSync(dirname(elsewhere), keys)
  assert.deepEqual(verifyBackup(to).faults, ['keys: it is no regular file'])
  assert.ok(!existsSync(back))
})

test('where nothing can be written, or not all of it, is said with its path', mounts, t => {
  const { data, to } = dataFolder(t)
  takeBackup({ data, to, ...parts })
  const small = join(dirname(to), 'small')
  mkdirSync(small)
  const mount = (...args: string[]) => spawnSync('mount', [...args, small]).status
  assert.equal(mount('-t', 'tmpfs', '-o', 'size=40k', 'tmpfs'), 0)
  try {
    const full = /small\/.* does not fit: the file system is full/
    assert.throws(() => restoreBackup(to, join(small, 'data')), full)
    assert.throws(() => takeBackup({ data, to: join(small, 'copy'), ...parts }), full)
    assert.equal(mount('-o', 'remount,ro'), 0)
    const readOnly = /small\/new is on a file system that is mounted read-only/
    assert.throws(() => restoreBackup(to, join(small, 'new')), readOnly)
    assert.throws(() => takeBackup({ data, to: join(small, 'new'), ...parts }), readOnly)
  } finally {
    // Before the folder around it is removed.
    spawnSync('umount', [small])
  }
})

test('a folder without data, and one that is not empty, are refused', t => {
  const { data, to } = dataFolder(t)
  assert.throws(() => takeBackup({ data: join(data, 'keys'), to, ...parts }), /no data folder/)
  assert.throws(() => takeBackup({ data, to: join(data, 'keys'), ...parts }), /is not empty/)
})

test('a folder into which a backup was not put back to its end says so, and is no whole one', t => {
  const { data, to, back } = dataFolder(t)
  writeFileSync(join(data, 'lost+found'), 'of a program')
  takeBackup({ data, to, version: '1', now: () => 0 })
  // That of the file system is in its way.
  mkdirSync(join(back, 'lost+found'), { recursive: true })
  assert.throws(() => restoreBackup(to, back), /EEXIST/)
  assert.ok(existsSync(join(back, RESTORE_MARK)))
  writeFileSync(join(back, 'ledger.db'), '')
  const again = { data: back, to: `${to}-2`, version: '1', now: () => 0 }
  assert.throws(() => takeBackup(again), /not put back to its end/)
  const empty = `${back}-2`
  restoreBackup(to, empty)
  assert.ok(!existsSync(join(empty, RESTORE_MARK)))
})
