// A start, and an upgrade, on a file system with little room, whatever of it is written when the room ends: it says that the disk is full,
// never that something is damaged (the page behind that word sends to the backup), and with room the same folder starts as it was.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { mounts } from '../support/as-root.ts'
import { config, start } from '../support/damaged-start.ts'
import { run } from '../support/serve.ts'

const SECOND = join(import.meta.dirname, '../upgrade/second/data.tar.gz')
const KB = 1024

type SmallDisk = {
  /** Its data folder, as the program sees it. */
  readonly data: string
  /** The same, as this process does. */
  readonly seen: string
  /** Runs a program that sees it. */
  readonly under: readonly string[]
}

/** 40 MB that are gone with the process that holds them. */
async function smallDisk(t: TestContext): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-room-'))
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const mount = `mount -t tmpfs -o size=40m tmpfs ${disk} && echo mounted && exec cat`
  const holder = spawn('unshare', ['--mount', 'sh', '-c', mount], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(async () => {
    holder.stdin.end()
    await once(holder, 'exit')
    rmSync(folder, { recursive: true, force: true })
  })
  await once(holder.stdout, 'data')
  return {
    data: join(disk, 'data'),
    seen: join(`/proc/${holder.pid}/root`, disk, 'data'),
    under: ['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`, '--'],
  }
}

function leaveFree(seen: string, kilobytes: number): void {
  const { bavail, bsize } = statfsSync(seen)
  writeFileSync(join(seen, '../filler'), Buffer.alloc(bavail * bsize - kilobytes * KB))
}

const roomAgain = (seen: string): void => rmSync(join(seen, '../filler'))

/** Of a copy: SQLite does not take a path through /proc. */
function casesIn(seen: string): number {
  const copy = mkdtempSync(join(tmpdir(), 'cordon-copy-'))
  for (const tail of ['', '-wal'])
    if (existsSync(join(seen, `ledger.db${tail}`)))
      cpSync(join(seen, `ledger.db${tail}`), join(copy, `ledger.db${tail}`))
  const database = new DatabaseSync(join(copy, 'ledger.db'))
  try {
    return Number(database.prepare('SELECT count(*) AS n FROM incidents').get()?.['n'])
  } finally {
    database.close()
    rmSync(copy, { recursive: true })
  }
}

for (const [what, fill, sizes] of [
  ['an upgrade', upgraded, [40, 120, 260, 400, 600]],
  ['a first start', (seen: string) => mkdirSync(seen), [40, 100, 300, 800]],
] as const)
  test(`${what} with little room`, mounts, async t => {
    const { data, seen, under } = await smallDisk(t)
    let refused = 0
    for (const kilobytes of sizes) {
      rmSync(seen, { recursive: true, force: true })
      const cases = await fill(seen)
      leaveFree(seen, kilobytes)
      const settings = config(data, { domains: ['isp.example'] })
      // Its configuration is beside this disk, which has no room for it.
      const tried = await start(join(data, '..'), settings, under)
      await Promise.race([tried.ready.catch(() => undefined), tried.ended])
      tried.end()
      const { code, errors } = await tried.ended
      const said = errors.join('\n')
      assert.doesNotMatch(said, /damaged|Nothing was changed/, `${kilobytes} KB`)
      if (code !== 0) {
        refused++
        assert.equal(code, 1, said)
        assert.equal(errors.length, 1, said)
        assert.match(
          said,
          /^cordon: \S[^/]* cannot be opened: .*(?:the file system is full|has no room).* the same data folder starts/,
          `${kilobytes} KB`,
        )
        assert.match(said, /\S+\/disk\/data/, `${kilobytes} KB: which file`)
      }
      roomAgain(seen)
      const again = await start(join(data, '..'), settings, under)
      await again.ready
      again.end()
      assert.equal((await again.ended).code, 0, `${kilobytes} KB`)
      if (cases !== undefined) assert.equal(casesIn(seen), cases)
    }
    assert.ok(refused > 1, 'there was room')
  })

async function upgraded(seen: string): Promise<number> {
  const unpacked = await run('tar', ['xzf', SECOND, '-C', join(seen, '..')])
  assert.equal(unpacked.code, 0, unpacked.output)
  // Its keys were not put into the archive.
  mkdirSync(join(seen, 'keys'))
  writeFileSync(join(seen, 'keys/begin-anew'), '')
  return casesIn(seen)
}
