// The real program, by both of its doors (`cordon serve` and what `npm start` runs), on a data folder that is damaged: it prints
// one sentence, ends with 1 (the world) or 78 (the configuration), changes nothing, and the data folder can be taken at once. Where
// the damage is none that mail should wait for, it starts, and says so.

import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { RESTORE_MARK } from '../../src/drivers/backup/restore-mark.ts'
import { TOWN_MARK, TOWN_WORDS } from '../../src/app/town-folder.ts'
import { openSqlite } from '../../src/drivers/sqlite/open-sqlite.ts'
import { config, NPM_START, refused, running, start, usedFolder } from '../support/damaged-start.ts'
import { eventually } from '../support/serve.ts'

const folderWith = usedFolder()

const scribbled = (path: string) => writeFileSync(path, 'no database '.repeat(4000))
const halved = (path: string) => truncateSync(path, statSync(path).size / 2)

/** As after kill -9: what was written last is in the log, and the head of the log is gone. */
function headlessLog(path: string): void {
  const database = openSqlite(path)
  database.exec('PRAGMA user_version = 3')
  const log = readFileSync(`${path}-wal`)
  const main = readFileSync(path)
  database.close()
  writeFileSync(path, main)
  writeFileSync(`${path}-wal`, log.fill(0, 0, 32))
}

function foreign(path: string): void {
  rmSync(path)
  const database = openSqlite(path)
  database.exec('CREATE TABLE t (a)')
  database.close()
}

const gone = (data: string, names: readonly string[]) => {
  for (const name of names) rmSync(join(data, name), { recursive: true })
}

test('a stop leaves nothing in a log that could be cut off', t => {
  const data = folderWith(t)
  for (const store of ['ledger.db', 'counters.db', 'spool/spool.db']) {
    assert.ok(statSync(join(data, store)).size > 0, store)
    const log = statSync(join(data, `${store}-wal`), { throwIfNoEntry: false })
    assert.equal(log?.size ?? 0, 0, store)
  }
})

// Damage that must be looked at before mail goes on.
for (const [what, damage, words] of [
  [
    'a restore was cut off',
    data => writeFileSync(join(data, RESTORE_MARK), ''),
    /a backup was not put back to its end in \S+\. Empty the folder/,
  ],
  [
    'spool.db is gone',
    data => rmSync(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is empty or missing, but there was a queue: .*operations\.md/,
  ],
  [
    'spool.db is empty',
    data => truncateSync(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is empty or missing, but there was a queue: .*operations\.md/,
  ],
  [
    'spool.db is something else',
    data => scribbled(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is damaged \(file is not a database\)\. .*operations\.md/,
  ],
  [
    'spool.db is cut in half',
    data => halved(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is damaged \(.*malformed.*\)\. .*operations\.md/,
  ],
  [
    'the log of spool.db has lost its head',
    data => headlessLog(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is damaged \(what was written last .*\)\. .*operations\.md/,
  ],
  [
    'spool.db is of another program',
    data => foreign(join(data, 'spool/spool.db')),
    /spool cannot be opened: .*spool\.db is damaged \(.*another program.*\)\. .*operations\.md/,
  ],
  [
    'the log of ledger.db has lost its head',
    data => headlessLog(join(data, 'ledger.db')),
    /ledger cannot be opened: .*ledger\.db is damaged \(what was written last .*\)\. .*operations\.md/,
  ],
  [
    'ledger.db is of another program',
    data => foreign(join(data, 'ledger.db')),
    /ledger cannot be opened: .*ledger\.db is damaged \(.*another program.*\)\. .*operations\.md/,
  ],
  [
    'ledger.db is something else',
    data => scribbled(join(data, 'ledger.db')),
    /ledger cannot be opened: .*ledger\.db is damaged \(file is not a database\)\. .*operations\.md/,
  ],
  [
    'ledger.db is cut in half',
    data => halved(join(data, 'ledger.db')),
    /ledger cannot be opened: .*ledger\.db is damaged \(.*malformed.*\)\. .*operations\.md/,
  ],
  [
    'ledger.db is gone',
    data => rmSync(join(data, 'ledger.db')),
    /ledger cannot be opened: .*ledger\.db is empty or missing, .*operations\.md/,
  ],
  [
    'the secret is empty',
    data => truncateSync(join(data, 'keys/correspondents.secret')),
    /keys cannot be opened: .*correspondents\.secret is damaged\. Restore it from a backup; .*begin-anew/,
  ],
  [
    'the DKIM key is cut in half',
    data => halved(join(data, 'keys/dkim.pem')),
    /keys cannot be opened: .*dkim\.pem is damaged\. Restore it from a backup; .*begin-anew/,
  ],
  [
    'all keys are gone',
    data => rmSync(join(data, 'keys'), { recursive: true }),
    /keys cannot be opened: .*correspondents\.secret is missing, .*tls-certificate\.pem is missing\. Restore them from a backup; .*begin-anew/,
  ],
  [
    'keys and ledger are gone, and the queue is there',
    data => gone(data, ['keys', 'ledger.db']),
    /keys cannot be opened: .*correspondents\.secret is missing, .*dkim\.pem is missing, /,
  ],
  [
    'keys and ledger are gone, keys may begin anew, and the queue is there',
    data => {
      gone(data, ['keys', 'ledger.db'])
      mkdirSync(join(data, 'keys'))
      writeFileSync(join(data, 'keys/begin-anew'), '')
    },
    /ledger cannot be opened: .*ledger\.db is empty or missing, .*operations\.md/,
  ],
  [
    'keys, ledger and spool.db are gone, and bodies are there',
    data => gone(data, ['keys', 'ledger.db', 'spool/spool.db']),
    /keys cannot be opened: .*correspondents\.secret is missing, /,
  ],
  [
    'all is gone but the journal',
    data => {
      gone(data, ['keys', 'ledger.db', 'spool', 'counters.db'])
      mkdirSync(join(data, 'journal'), { recursive: true })
      writeFileSync(join(data, 'journal/2026112010.jsonl.gz'), '')
    },
    /keys cannot be opened: .*correspondents\.secret is missing, /,
  ],
  ...['the folder of the queue is gone', 'its file system is not mounted'].map(
    (what, i) =>
      [
        what,
        (data: string) => {
          rmSync(join(data, 'spool'), { recursive: true })
          if (i === 1) mkdirSync(join(data, 'spool/lost+found'), { recursive: true })
        },
        /spool cannot be opened: .*spool is empty or missing, but this data folder had a queue, .*spool\/begin-anew.*operations\.md/,
      ] as const,
  ),
  [
    'the folder of the queue is gone, and an earlier Cordon had not marked it',
    data => {
      gone(data, ['spool', 'spool-id'])
      mkdirSync(join(data, 'journal'), { recursive: true })
      writeFileSync(join(data, 'journal/2026112010.jsonl.gz'), '')
    },
    /spool cannot be opened: .*spool is empty or missing, but this data folder had a queue, /,
  ],
  [
    'the queue and the ledger are gone',
    data => gone(data, ['spool', 'ledger.db']),
    /ledger cannot be opened: .*ledger\.db is empty or missing, but this folder was in use.*ledger\.begin-anew/,
  ],
  [
    'the queue is of another data folder',
    data => writeFileSync(join(data, 'spool/id'), 'abcdefgh12345678\n'),
    /spool cannot be opened: .*spool is the queue of another data folder\. .*remove .*spool-id/,
  ],
  [
    'a file is in place of the queue’s folder',
    data => {
      rmSync(join(data, 'spool'), { recursive: true })
      writeFileSync(join(data, 'spool'), '')
    },
    /spool cannot be opened: .*spool is there already and is no folder; move it away\./,
  ],
] as const satisfies readonly (readonly [string, (data: string) => void, RegExp])[])
  test(`${what}: a sentence, and nothing is changed`, async t => {
    const data = folderWith(t, damage)
    const was = bodies(data)
    const { ended } = await start(data, config(data))
    refused(await ended, data, { code: 1, words })
    assert.deepEqual(bodies(data), was)
  })

function bodies(data: string): readonly string[] {
  const folder = join(data, 'spool/bodies')
  return existsSync(folder) ? readdirSync(folder) : []
}

test('a person says that queue and ledger begin anew: they do, once', async t => {
  const data = folderWith(t, data => {
    gone(data, ['spool', 'ledger.db'])
    mkdirSync(join(data, 'spool'))
    writeFileSync(join(data, 'spool/begin-anew'), '')
    writeFileSync(join(data, 'ledger.begin-anew'), '')
  })
  const first = await start(data, config(data))
  await first.ready
  first.end()
  assert.equal((await first.ended).code, 0)
  assert.deepEqual(
    ['spool/begin-anew', 'ledger.begin-anew'].filter(name => existsSync(join(data, name))),
    [],
  )
  assert.equal(
    readFileSync(join(data, 'spool/id'), 'utf8'),
    readFileSync(join(data, 'spool-id'), 'utf8'),
  )
  gone(data, ['spool'])
  const second = await start(data, config(data))
  refused(await second.ended, data, { code: 1, words: /spool is empty or missing/ })
})

test('a queue of an earlier Cordon, or one that came from a backup alone, is marked', async t => {
  const data = folderWith(t, data => gone(data, ['spool/id']))
  const name = readFileSync(join(data, 'spool-id'), 'utf8')
  const one = await start(data, config(data))
  await one.ready
  one.end()
  assert.equal((await one.ended).code, 0)
  assert.equal(readFileSync(join(data, 'spool/id'), 'utf8'), name)
})

test('the queue is removed while it runs: the process ends with 1, says why, and does not begin anew', async t => {
  const data = folderWith(t)
  const running = await start(data, config(data))
  await running.ready
  gone(data, ['spool'])
  const { code, errors } = await running.ended
  assert.match(errors.join('\n'), /a store cannot go on: .*spool\.db was removed or moved away/)
  assert.equal(code, 1)
  const again = await start(data, config(data))
  refused(await again.ended, data, { code: 1, words: /spool is empty or missing/ })
})

// Damage that no mail should wait for.
test('damaged counters are set aside with an alarm, and a damaged lock is none', async t => {
  const data = folderWith(t, data => {
    scribbled(join(data, 'counters.db'))
    scribbled(join(data, 'lock.db'))
  })
  const running = await start(data, config(data))
  await running.ready
  await eventually(() => running.said.find(line => line.includes('"alarm":"counters-lost"')))
  assert.ok(running.said.some(line => line.includes('"kind":"trouble","about":"counters-lost"')))
  const aside = readdirSync(data).filter(name => name.startsWith('counters.db.damaged-'))
  assert.equal(aside.length, 1)
  const second = await start(data, config(data))
  const { code, errors } = await second.ended
  assert.match(
    errors.join(),
    /^cordon: data folder cannot be opened: .* is in use by another Cordon/,
  )
  assert.equal(code, 1)
  const page = /live view on (\S+)/.exec(running.said.join('\n'))?.[1] ?? ''
  await eventually(async () =>
    (await (await fetch(`${page}metrics`)).text()).includes(
      'cordon_alarms_total{alarm="counters-lost"} 1',
    )
      ? true
      : undefined,
  )
  running.end()
  assert.equal((await running.ended).code, 0)
})

// The other door.
test('npm start, a damaged key', async t => {
  const data = folderWith(t, one => {
    writeFileSync(join(one, TOWN_MARK), TOWN_WORDS)
    truncateSync(join(one, 'keys/dkim.pem'))
  })
  const { ended } = running([...NPM_START, '--data', data, '--quiet'])
  const words = /keys cannot be opened: .*dkim\.pem is damaged\. Restore/
  refused(await ended, data, { code: 1, words })
})
