import assert from 'node:assert/strict'
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkFile } from './check-file.ts'
import { openSqlite } from './open-sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-check-'))
after(() => rmSync(folder, { recursive: true }))
const PAGE = 16_384
const path = join(folder, 'store.db')
const OURS = ['mail']

/** A file of some hundred pages; with `log`, the last row is in the log still, as after a crash. */
function fresh({ log }: { readonly log: boolean }): void {
  rmSync(path, { recursive: true, force: true })
  for (const tail of ['-wal', '-shm']) rmSync(`${path}${tail}`, { force: true })
  const whole = join(folder, 'whole')
  for (const tail of ['', '-wal', '-shm']) rmSync(`${whole}${tail}`, { force: true })
  const database = openSqlite(whole, 'NORMAL')
  database.exec('CREATE TABLE mail (id TEXT PRIMARY KEY, body BLOB)')
  database.exec('CREATE TABLE old (id TEXT PRIMARY KEY) WITHOUT ROWID')
  const add = database.prepare('INSERT INTO mail VALUES (?, ?)')
  for (let i = 0; i < 200; i++) add.run(`m${i}`, Buffer.alloc(9000, i))
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  add.run('last', Buffer.alloc(10))
  copyFileSync(whole, path)
  if (log) copyFileSync(`${whole}-wal`, `${path}-wal`)
  database.close()
}

function scribble(at: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(PAGE, 0x5a), 0, PAGE, at)
  closeSync(file)
}

const CASES: readonly (readonly [string, () => void, RegExp])[] = [
  ['whole', () => undefined, /^sound$/],
  ['not there', () => rmSync(path), /^none$/],
  ['empty', () => truncateSync(path, 0), /^none$/],
  ['cut in half', () => truncateSync(path, 50 * PAGE), /^damaged: .*malformed/],
  ['without its head', () => scribble(0), /^damaged: file is not a database/],
  ['something else', () => writeFileSync(path, 'hello '.repeat(5000)), /^damaged: file is not/],
  ['written over at its root', () => scribble(3 * PAGE), /^damaged: /],
]

for (const [what, damage, expected] of CASES)
  test(`a file that is ${what}`, () => {
    fresh({ log: false })
    damage()
    const before = contents()
    const found = checkFile(path, OURS)
    assert.match(found.state === 'damaged' ? `damaged: ${found.why}` : found.state, expected)
    assert.deepEqual(contents(), before, 'it was changed')
  })

test('the log of a crash belongs to it; a log without its file is damage', () => {
  fresh({ log: true })
  assert.deepEqual(checkFile(path, OURS), { state: 'sound' })
  fresh({ log: true })
  truncateSync(path, 0)
  assert.equal(checkFile(path, OURS).state, 'damaged')
  rmSync(path)
  assert.equal(checkFile(path, OURS).state, 'damaged')
})

/** Writes over a part of the log that a crash left. */
const inLog = (at: number, bytes: Buffer) => {
  const file = openSync(`${path}-wal`, 'r+')
  writeSync(file, bytes, 0, bytes.length, at)
  closeSync(file)
}

for (const [what, damage, expected] of [
  ['whose head is zeros', () => inLog(0, Buffer.alloc(32)), /head of the file with "-wal"/],
  ['whose first page is zeros', () => inLog(0, Buffer.alloc(4096)), /head of the file/],
  ['whose magic is another', () => inLog(3, Buffer.of(0x81)), /head of the file/],
  ['whose salt was changed', () => inLog(16, Buffer.from('salt')), /head of the file/],
  ['shorter than its head', () => truncateSync(`${path}-wal`, 31), /"-wal" is cut off/],
] as const satisfies readonly (readonly [string, () => void, RegExp])[])
  test(`a log ${what} is damage, and stays as it is`, () => {
    fresh({ log: true })
    damage()
    const before = contents()
    const found = checkFile(path, OURS)
    assert.equal(found.state, 'damaged')
    assert.match('why' in found ? found.why : '', expected)
    assert.deepEqual(contents(), before, 'it was changed')
  })

test('an empty log is none', () => {
  fresh({ log: true })
  truncateSync(`${path}-wal`, 0)
  assert.deepEqual(checkFile(path, OURS), { state: 'sound' })
})

test('a database of another program is damage, and one without tables is none', () => {
  fresh({ log: false })
  const found = checkFile(path, ['recipient'])
  assert.equal(found.state, 'damaged')
  assert.match('why' in found ? found.why : '', /another program/)
  rmSync(path)
  // Made and killed before the first table.
  openSqlite(path, 'NORMAL').close()
  assert.deepEqual(checkFile(path, OURS), { state: 'none' })
})

test('of a file that is too large to be read to its end, head, schema and ends of tables are read', () => {
  fresh({ log: false })
  assert.deepEqual(checkFile(path, OURS, 0), { state: 'sound' })
  scribble(0)
  assert.equal(checkFile(path, OURS, 0).state, 'damaged')
  fresh({ log: false })
  truncateSync(path, 50 * PAGE)
  assert.equal(checkFile(path, OURS, 0).state, 'damaged')
})

test('a folder in its place is a sentence', () => {
  rmSync(path, { force: true })
  mkdirSync(path)
  assert.throws(() => checkFile(path, OURS), /store\.db is no file; move it away\./)
})

/** Of it and of what lies beside it: not even an empty log may come. */
const contents = (): readonly (readonly [string, string])[] =>
  readdirSync(folder)
    .filter(name => name.startsWith('store.db'))
    .map(name => [name, readFileSync(join(folder, name)).toString('latin1')] as const)
