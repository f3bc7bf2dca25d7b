// A log is rotated, emptied, taken away and comes again, while it is read and while it is not: each line comes once.

import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { FollowedLog } from './followed-log.ts'
import type { LogPlace } from './log-place.ts'

function scene(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-followed-'))
  const path = join(folder, 'mail.log')
  let place: LogPlace | undefined
  let log = new FollowedLog(path, { fromEnd: false })
  t.after(async () => {
    await log.close()
    rmSync(folder, { recursive: true })
  })
  return {
    path,
    log: () => log,
    /** All that there is now. */
    read: async (): Promise<string[]> => {
      const found: string[] = []
      for (let more = true; more; ) {
        const some = await log.next()
        for (const line of some.lines) {
          found.push(line.raw)
          place = line.place
        }
        more = some.more
      }
      return found
    },
    restart: async (fromEnd = false) => {
      await log.close()
      log = new FollowedLog(path, { place: place && structuredClone(place), fromEnd })
    },
  }
}

test('whole lines, once; a half one when the rest is there', async t => {
  const { path, read } = scene(t)
  assert.deepEqual(await read(), [])
  writeFileSync(path, 'a\nb\nc')
  assert.deepEqual(await read(), ['a', 'b'])
  assert.deepEqual(await read(), [])
  appendFileSync(path, 'c\r\nd\n')
  assert.deepEqual(await read(), ['cc', 'd'])
})

test('renamed: what its server writes to the old one until it opens the new one is read first', async t => {
  const { path, read } = scene(t)
  writeFileSync(path, 'a\n')
  assert.deepEqual(await read(), ['a'])
  renameSync(path, `${path}.1`)
  assert.deepEqual(await read(), [])
  writeFileSync(path, '')
  appendFileSync(`${path}.1`, 'b\n')
  assert.deepEqual(await read(), ['b'])
  appendFileSync(`${path}.1`, 'c\n')
  appendFileSync(path, 'd\n')
  assert.deepEqual(await read(), ['c', 'd'])
})

test('copied and emptied: also where it is larger again than before, and what was not read yet is in the copy', async t => {
  const { path, read, log } = scene(t)
  writeFileSync(path, 'a\nb\n')
  assert.deepEqual(await read(), ['a', 'b'])
  appendFileSync(path, 'c\n')
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
  appendFileSync(path, 'd\n')
  assert.deepEqual(await read(), ['c', 'd'])
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
  appendFileSync(path, 'e\nffffffffffffffffff\n')
  assert.deepEqual(await read(), ['e', 'ffffffffffffffffff'])
  assert.equal(log().lost, 0)
  truncateSync(path)
  rmSync(`${path}.1`)
  appendFileSync(path, 'g\n')
  assert.deepEqual(await read(), ['g'])
  assert.equal(log().lost, 1)
})

test('taken away and there again', async t => {
  const { path, read } = scene(t)
  writeFileSync(path, 'a\n')
  assert.deepEqual(await read(), ['a'])
  rmSync(path)
  assert.deepEqual(await read(), [])
  writeFileSync(path, 'b\n')
  assert.deepEqual(await read(), ['b'])
})

test('after a restart: where it was left, also through two rotations, past what is compressed', async t => {
  const { path, read, restart, log } = scene(t)
  writeFileSync(path, 'a\nb\n')
  writeFileSync(`${path}.2.gz`, gzipSync('a\nb\n'))
  assert.deepEqual(await read(), ['a', 'b'])
  appendFileSync(path, 'c\n')
  await restart()
  assert.deepEqual(await read(), ['c'])
  appendFileSync(path, 'd\n')
  renameSync(path, `${path}.2`)
  writeFileSync(`${path}.1`, 'e\n')
  utimesSync(`${path}.2`, 1000, 1000)
  utimesSync(`${path}.1`, 2000, 2000)
  writeFileSync(path, 'f\n')
  await restart()
  assert.deepEqual(await read(), ['d', 'e', 'f'])
  assert.equal(log().lost, 0)
})

test('after a restart: what was compressed meanwhile is lost and counted, and the new one read whole', async t => {
  const { path, read, restart, log } = scene(t)
  writeFileSync(path, 'a\n')
  assert.deepEqual(await read(), ['a'])
  rmSync(path)
  writeFileSync(`${path}.1.gz`, gzipSync('a\nb\n'))
  writeFileSync(path, 'c\n')
  await restart()
  assert.deepEqual(await read(), ['c'])
  assert.equal(log().lost, 1)
})

test('a file that has the place and another line before it is another file', async t => {
  const { path, read, restart } = scene(t)
  writeFileSync(path, 'aaaa\n')
  assert.deepEqual(await read(), ['aaaa'])
  truncateSync(path)
  appendFileSync(path, 'bbbb\ncccc\n')
  await restart()
  assert.deepEqual(await read(), ['bbbb', 'cccc'])
})

test('from its end: only what comes, and all of a log that was not there', async t => {
  const { path, read, restart } = scene(t)
  writeFileSync(path, 'old\nhal')
  await restart(true)
  assert.deepEqual(await read(), [])
  appendFileSync(path, 'f\nnew\n')
  assert.deepEqual(await read(), ['half', 'new'])
  rmSync(path)
  const other = scene(t)
  await other.restart(true)
  assert.deepEqual(await other.read(), [])
  writeFileSync(other.path, 'first\n')
  assert.deepEqual(await other.read(), ['first'])
})

test('bytes without an end of line are passed over, in bounded memory, and what follows is read', async t => {
  const { path, read, log, restart } = scene(t)
  writeFileSync(path, Buffer.alloc(20_000_000))
  appendFileSync(path, '\nb\n')
  assert.deepEqual(await read(), ['b'])
  assert.equal(log().tooLong, 1)
  appendFileSync(path, Buffer.alloc(1_000_000))
  assert.deepEqual(await read(), [])
  appendFileSync(path, '\nc\n')
  await restart()
  assert.deepEqual(await read(), ['c'])
})

test('a folder or what may not be read is an error, and is read when it is a file', async t => {
  const { path, read, log } = scene(t)
  mkdirSync(path)
  await assert.rejects(log().next(), /is a folder/)
  rmSync(path, { recursive: true })
  writeFileSync(path, 'a\n')
  assert.deepEqual(await read(), ['a'])
})

test('so much is read at once that other work goes on', async t => {
  const { path, log } = scene(t)
  writeFileSync(path, 'x'.repeat(99).concat('\n').repeat(10_000))
  await log().next()
  const { lines, more } = await log().next()
  assert.ok(lines.length > 100 && lines.length < 1000, String(lines.length))
  assert.ok(more)
})
