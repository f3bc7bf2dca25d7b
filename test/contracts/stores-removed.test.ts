// A file of a store is removed, replaced or cut short while it is open (a slip, a backup that was put back): what is asked from then on
// is refused, and the store says within seconds that it cannot go on, so that the process ends and the next start looks at what is there.

import assert from 'node:assert/strict'
import { copyFileSync, existsSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { DAY } from '../../src/model/duration.ts'
import { folderOf, owned } from '../support/owned.ts'
import { eventually } from '../support/serve.ts'

const AT = Date.UTC(2026, 0, 5)
/** Seconds; it looks once in each. */
const SOON = 10

type OpenedStore = {
  readonly path: string
  /** Why it cannot go on, as soon as it has said so. */
  readonly broken: readonly Error[]
  /** Resolves when this is kept. */
  readonly keep: (id: string) => Promise<unknown>
}

const STORES: Readonly<Record<string, (t: TestContext) => Promise<OpenedStore>>> = {
  spool: async t => {
    const folder = folderOf(t)
    const broken: Error[] = []
    const spool = await owned(t, openSpool({ folder, broken: error => broken.push(error) }))
    const keep = async (message: string) => {
      const draft = spool.open()
      await draft.write(Buffer.from('x'))
      const recipients = [{ address: 'sink@isp.example', state: 'queued', due: AT }] as const
      const facts = { sender: '', expires: AT + DAY, nats: 0, bounceable: false, headers: '' }
      await draft.commit({ ...facts, message, at: AT, subject: '', recipients })
    }
    return { path: join(folder, 'spool.db'), broken, keep }
  },
  ledger: async t => {
    const path = join(folderOf(t), 'ledger.db')
    const broken: Error[] = []
    const ledger = await owned(t, openLedgerFile(path, { broken: error => broken.push(error) }))
    const keep = (id: string) => ledger.records.put({ kind: 'test', id, body: '1', expectedRev: 0 })
    return { path, broken, keep }
  },
  counters: async t => {
    const path = join(folderOf(t), 'counters.db')
    const broken: Error[] = []
    const counters = await owned(t, openCounters(path, { broken: error => broken.push(error) }))
    // What counts once is answered when it is written.
    const keep = async (once: string) =>
      counters.apply({
        once,
        at: AT,
        mode: 'take',
        ops: [{ op: 'mark', key: once, ttl: DAY }],
      })
    return { path, broken, keep }
  },
}

const HARM: Readonly<Record<string, (path: string) => void>> = {
  'is removed': path => rmSync(path),
  'is removed with its log': path => {
    for (const tail of ['', '-wal', '-shm']) rmSync(`${path}${tail}`)
  },
  'has lost its log': path => rmSync(`${path}-wal`),
  'is moved away': path => renameSync(path, `${path}.away`),
  'is replaced by a backup': path => {
    copyFileSync(path, `${path}.backup`)
    renameSync(`${path}.backup`, path)
  },
  'is cut short': path => truncateSync(path),
}

for (const [name, open] of Object.entries(STORES))
  for (const [harm, harmed] of Object.entries(HARM)) {
    test(`${name}, its file ${harm} and nothing is asked: it says so in seconds`, async t => {
      const { path, broken, keep } = await open(t)
      await keep('before')
      harmed(path)
      const [why] = await eventually(() => (broken.length > 0 ? broken : undefined), SOON)
      assert.match(String(why), new RegExp(`${path}(-wal)? .* while it was open`))
      await assertRefused(name, keep)
    })

    if (harm !== 'is cut short')
      test(`${name}, its file ${harm}: what comes at once is not acknowledged`, async t => {
        const { path, broken, keep } = await open(t)
        await keep('before')
        harmed(path)
        await assertRefused(name, keep)
        await eventually(() => (broken.length > 0 ? true : undefined), SOON)
      })
  }

/** Counters are in memory, and go on there: they may lose a second. */
async function assertRefused(name: string, keep: OpenedStore['keep']): Promise<void> {
  if (name === 'counters') return
  await assert.rejects(keep('after'), /while it was open|is closed/)
}

test('spool, the folder of its bodies is removed: it says so in seconds', async t => {
  const { path, broken, keep } = await (STORES['spool'] as (typeof STORES)[string])(t)
  await keep('before')
  const bodies = join(path, '../bodies')
  await new Promise(resolve => setTimeout(resolve, 1500))
  rmSync(bodies, { recursive: true })
  await eventually(() => (broken.length > 0 ? true : undefined), SOON)
  assert.match(String(broken[0]), /bodies .* while it was open/)
})

test('a store whose thread ended is not opened again on a file that is gone', async t => {
  const started: { terminate(): Promise<unknown> }[] = []
  const hear = (worker: { terminate(): Promise<unknown> }) => void started.push(worker)
  process.on('worker', hear)
  t.after(() => process.off('worker', hear))
  const { path, broken, keep } = await (STORES['ledger'] as (typeof STORES)[string])(t)
  await keep('before')
  const ended = started[0]?.terminate()
  for (const tail of ['', '-wal', '-shm']) rmSync(`${path}${tail}`, { force: true })
  await ended
  await eventually(() => (broken.length > 0 ? true : undefined), SOON)
  assert.equal(existsSync(path), false)
})

test('a store that works for some seconds, and whose log is folded in by another program, is well', async t => {
  const { path, broken, keep } = await (STORES['ledger'] as (typeof STORES)[string])(t)
  for (let i = 0; i < 20; i++) {
    await keep(`n${i}`)
    await new Promise(resolve => setTimeout(resolve, 120))
    if (i === 10) foldedIn(path)
  }
  writeFileSync(`${path}.beside`, '')
  assert.deepEqual(broken, [])
})

function foldedIn(path: string): void {
  const other = new DatabaseSync(path, { timeout: 5000 })
  other.exec("DELETE FROM records WHERE id < 'n5'; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
  other.close()
}
