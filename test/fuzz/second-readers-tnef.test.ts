// What tnef(1) (Debian: tnef) unpacks of a winmail.dat, we have seen: names of files by either of their names, in files of any number and
// order, beside properties of every kind.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tnefNames } from '../../src/mail/mime/tnef.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { run } from '../support/serve.ts'

const FILES = 150
const SEED = fuzzSeed(1)
const [TITLE, RENDERING, DATA, PROPERTIES] = [0x00018010, 0x00069002, 0x0006800f, 0x00069005]

const words = (...all: readonly number[]) => {
  const bytes = Buffer.alloc(4 * all.length)
  for (const [i, word] of all.entries()) bytes.writeUInt32LE(word >>> 0, 4 * i)
  return bytes
}

function attribute(kind: number, data: Buffer, level = 2): Buffer {
  const sum = Buffer.alloc(2)
  sum.writeUInt16LE(data.reduce((all, byte) => all + byte, 0) & 0xffff)
  return Buffer.concat([Buffer.from([level]), words(kind, data.length), data, sum])
}

const padded = (data: Buffer) => Buffer.concat([data, Buffer.alloc(-data.length & 3)])

/** One property of a kind that is no name, or a name in eight bits or UTF-16. */
function property(luck: Random, name?: string): Buffer {
  if (name !== undefined) {
    const isWide = luck.below(2) === 0
    const value = Buffer.from(`${name}\0`, isWide ? 'utf16le' : 'latin1')
    return Buffer.concat([
      words(0x37070000 + (isWide ? 0x1f : 0x1e), 1, value.length),
      padded(value),
    ])
  }
  const number = 0x3a000000 + luck.below(0x100) * 0x10000
  const kind = luck.below(4)
  if (kind === 0) return words(number + 3, luck.below(1000))
  if (kind === 1) return words(number + 0x40, 1, 2)
  if (kind === 2) return Buffer.concat([words(number + 0x102, 1, 5), padded(Buffer.from('12345'))])
  return words(number + 0x1003, 2, 7, 8)
}

function winmail(luck: Random, names: readonly string[]): Buffer {
  const files = names.map(name => {
    const [title, long] = [luck.below(3) > 0, luck.below(3) > 0]
    const before = Array.from({ length: luck.below(4) }, () => property(luck))
    const all = [...before, property(luck, long || !title ? name : 'other.txt')]
    return [
      attribute(RENDERING, Buffer.alloc(14)),
      ...(title ? [attribute(TITLE, Buffer.from(`${name}\0`))] : []),
      attribute(DATA, Buffer.from('what is in it')),
      ...(long || !title
        ? [attribute(PROPERTIES, Buffer.concat([words(all.length), ...all]))]
        : []),
    ]
  })
  return Buffer.concat([Buffer.from('789f3e220100', 'hex'), ...files.flat()])
}

test('tnef sees no file that we do not', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-tnef-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const luck = random(String(SEED))
  const path = join(folder, 'winmail.dat')
  let told = 0
  for (let i = 0; i < FILES; i++) {
    const names = Array.from({ length: 1 + luck.below(4) }, (_, n) => `file-${i}-${n}.exe`)
    const bytes = winmail(luck, names)
    writeFileSync(path, bytes)
    const { output, code } = await run('tnef', ['--list', path])
    const theirs = output
      .split('\n')
      .flatMap(line => line.split(/[ |\t]+/))
      .filter(word => /\.(?:exe|txt)$/.test(word))
    const ours = tnefNames(bytes)
    const missed = theirs.filter(name => !ours.names.includes(name))
    assert.deepEqual(
      [code, missed, ours.whole],
      [0, [], true],
      `seed ${SEED}: ${bytes.toString('hex')}`,
    )
    told += theirs.length
  }
  assert.ok(told > FILES, 'tnef read them')
  t.diagnostic(`${FILES} files, ${told} names`)
})
