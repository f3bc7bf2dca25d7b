import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ForgedResults } from '../../mail/forged-results.ts'
import { HeaderEnd } from '../../mail/header-end.ts'
import type { Readings, ReadingTurn } from '../../ports/readings.ts'
import { HEADERS_IN_ONE_TURN, readingTurns } from '../../wire/reading-turns.ts'
import { HEADER_PIECE, HeaderIn } from './header-in.ts'

const STRANGER: ReadingTurn = { lane: 'rest', from: '203.0.113.0/24' }
const FOLDED = Buffer.from(`X: a\r\n${' b\r\n'.repeat(60_000)}`)

/** Headers that come in; the bytes of each piece that may be looked at are told. */
function coming(readings: Pick<Readings, 'header'>, told: (bytes: number) => void) {
  return (turn: ReadingTurn) =>
    new HeaderIn({
      header: new HeaderEnd(),
      filter: new ForgedResults('mail.isp.example'),
      turn: () => turn,
      readings: {
        header: (bytes, whose) => {
          const waited = readings.header(bytes, whose)
          if (waited) return waited.then(() => told(bytes))
          told(bytes)
          return undefined
        },
      },
    })
}

const nowhere = async () => undefined

test('400 long headers at once take many turns of the loop, and others have theirs meanwhile', {
  timeout: 60_000,
}, async () => {
  let looked = 0
  const from = coming(readingTurns(), bytes => (looked += bytes))
  const all = Array.from({ length: 400 }, () => {
    const one = from(STRANGER)
    return one.write(FOLDED.subarray(0, 65_536), nowhere)
  })
  const seen = { isOver: false }
  const over = Promise.all(all).then(() => (seen.isOver = true))
  let most = looked
  let isAnswered = false
  while (!seen.isOver) {
    const before = looked
    await nextTurn()
    most = Math.max(most, looked - before)
    if (isAnswered) continue
    isAnswered = true
    // A customer's message meanwhile, and that of another network.
    for (const turn of [{ lane: 'first', from: 'anna' } as const, { ...STRANGER, from: 'b' }]) {
      const began = looked
      await from(turn).write(Buffer.from('From: a@b.example\r\n\r\nhi\r\n'), nowhere)
      assert.ok(
        looked - began <= 3 * HEADERS_IN_ONE_TURN,
        `${looked - began} bytes before ${turn.from}`,
      )
    }
  }
  await over
  assert.ok(most <= 2 * HEADERS_IN_ONE_TURN, `${most} bytes in one turn`)
})

test('a few headers do not wait', () => {
  const from = coming(readingTurns(), () => undefined)
  const header = Buffer.from(
    `From: a@b.example\r\n${'Received: from c by d\r\n'.repeat(200)}\r\nhi\r\n`,
  )
  for (let i = 0; i < 16; i++) {
    let stored = 0
    void from(STRANGER).write(header, async bytes => void (stored += bytes.length))
    assert.equal(stored, header.length)
  }
})

test('a message whose header is short is passed on as it came, in one', async () => {
  const pieces: number[] = []
  const looked: number[] = []
  const message = Buffer.from(`From: a@b.example\r\n\r\n${'x'.repeat(62)}\r\n`.padEnd(65_536, 'y'))
  const one = coming(readingTurns(), bytes => looked.push(bytes))(STRANGER)
  await one.write(message, async bytes => void pieces.push(bytes.length))
  await one.write(message, async bytes => void pieces.push(bytes.length))
  assert.deepEqual(pieces, [65_536, 65_536])
  assert.deepEqual(looked, [HEADER_PIECE], 'what is behind the header has no turns')
})

test('however it is cut, it comes out the same; after `leave` nothing does', async () => {
  for (const size of [7, 1000, HEADER_PIECE, 70_000]) {
    const out: Uint8Array[] = []
    const one = coming(readingTurns(), () => undefined)(STRANGER)
    const message = Buffer.concat([FOLDED.subarray(0, 40_002), Buffer.from('\r\nbody\r\n')])
    for (let at = 0; at < message.length; at += size)
      await one.write(message.subarray(at, at + size), async bytes => void out.push(bytes))
    out.push(one.end())
    assert.equal(Buffer.concat(out).toString(), message.toString(), `${size}`)
    one.leave()
    await one.write(message, () => assert.fail('stored'))
  }
})

test('a header that waits for its turn when its client leaves is not stored', async () => {
  const from = coming(readingTurns(), () => undefined)
  for (let i = 0; i < 100; i++) void from(STRANGER).write(FOLDED.subarray(0, 65_536), nowhere)
  const one = from({ ...STRANGER, from: 'leaves' })
  const written = one.write(FOLDED, () => assert.fail('stored'))
  one.leave()
  await written
})
