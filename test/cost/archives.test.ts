// Listing archives takes work in proportion to what was sent, whatever stands in them, and ends at the limits that are stated; what is
// beyond them is said to be unreadable. Steps and calls are counted, not time.

import { growthOf } from './growth.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isoInItself,
  rarOfHeaders,
  rarOfRecords,
  sevenZipOfMany,
} from '../support/hostile-archives.ts'
import { zipOfZips } from './archive-inputs.ts'
import { type ArchiveWork, workOf } from './archive-work.ts'
import { WORST } from './worst-archives.ts'

const MIB = 1024 * 1024
/** Of one message: docs/inbound.md, and what src/drivers/archives/list-names.ts says. Each archive is read twice: for names, and for contents. */
const MOST = {
  names: 2000,
  entries: 2 * 10_000,
  opened: 2 * (1 + 100),
  unpacked: 32 * MIB,
  passed: 96 * MIB,
  memory: 256 * MIB,
  depth: 1 + 3,
} as const
/** The last content that is looked at may go so far beyond: bytes that tell what it is, or that are refused at its end. */
const LAST = 384 * 1024
/** Of our own code, for the archives of one message. */
const MOST_STEPS = 256 * MIB

/** What libarchive was asked for, and what went in and out. */
const asked = ({ entries, handed, unpacked }: ArchiveWork) => entries + handed + unpacked

function assertWithin(name: string, work: ArchiveWork, isInTurn: boolean): void {
  const { names, opened, entries } = work
  assert.ok(names.length <= MOST.names, `${name}: ${names.length} names`)
  assert.ok(opened <= MOST.opened, `${name}: ${opened} archives opened`)
  // The end of each is asked for, too.
  assert.ok(entries <= MOST.entries + opened, `${name}: ${entries} entries`)
  assert.ok(work.unpacked <= MOST.unpacked + LAST, `${name}: ${work.unpacked} bytes unpacked`)
  // In a ZIP nothing is unpacked to get past it.
  assert.ok(!isInTurn || work.passed <= MOST.passed, `${name}: ${work.passed} bytes passed`)
  assert.ok(work.memory <= MOST.memory, `${name}: ${work.memory} bytes of memory`)
  assert.ok(work.depth <= MOST.depth, `${name}: ${work.depth} deep`)
  assert.ok(work.steps <= MOST_STEPS, `${name}: ${work.steps} steps`)
}

for (const [title, { make, name, from, upTo, perUnit, beyond }] of Object.entries(WORST))
  test(`${title}: work in proportion to its size, and no more than is stated`, async () => {
    const ours = growthOf(`${title}, ours`, perUnit)
    const its = growthOf(`${title}, libarchive's`, perUnit)
    const isInTurn = /\.t.z/.test(name)
    for (let size = from; size <= upTo; size *= 2) {
      const work = await workOf(make(size), name)
      assertWithin(title, work, isInTurn)
      ours(size, work.steps)
      its(size, asked(work))
    }
    if (!beyond) return
    const [size, what, words] = beyond
    const work = await workOf(make(size), name)
    assertWithin(title, work, isInTurn)
    assert.match(work.unlisted?.[what] ?? 'listed', words)
  })

test('sizes that lie cost no more than the bytes that came', async () => {
  const LYING = {
    'an ISO image in itself': isoInItself(),
    'a RAR of headers': rarOfHeaders(),
    'a RAR of records': rarOfRecords(),
    'a 7z of four thousand million files': sevenZipOfMany(),
  }
  for (const [title, bytes] of Object.entries(LYING)) {
    const work = await workOf(bytes, 'a.zip')
    assertWithin(title, work, true)
    assert.ok(work.handed <= 2 * bytes.length, `${title}: ${work.handed} bytes handed`)
    assert.ok(work.unlisted?.archive, title)
  }
})

test('the same archive takes the same work', async () => {
  const bytes = zipOfZips(20)
  assert.deepEqual(await workOf(bytes, 'a.zip'), await workOf(bytes, 'a.zip'))
})
