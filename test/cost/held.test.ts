// What is kept of bytes that come one by one is not many times their number: buffers are counted, not memory.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { queryObjects } from 'node:v8'
import { MilterDecoder } from '../../src/doors/milter/codec.ts'
import { createDraft } from '../../src/drivers/spool/draft.ts'
import { Summarizer } from '../../src/mail/summary.ts'

const PIECES = 50_000
/** Node's own come and go. */
const FEW = 200

/** Buffers there are, once what nobody has is gone. */
const buffers = (): number => queryObjects(Buffer, { format: 'count' })

test('a message of empty lines is kept in one piece', () => {
  const before = buffers()
  const summarizer = new Summarizer()
  for (let i = 0; i < PIECES; i++) summarizer.write(Buffer.from('\n'))
  assert.ok(buffers() - before < FEW)
  assert.equal(summarizer.finish('a@b').size, PIECES)
})

test('so is a packet of a mail server that comes byte by byte', () => {
  const before = buffers()
  const decoder = new MilterDecoder()
  decoder.push(Buffer.from([0, 0, 0xc3, 0x51, 0x42]))
  for (let i = 0; i < PIECES; i++) {
    assert.equal(decoder.next(), undefined)
    decoder.push(Buffer.from('x'))
  }
  assert.ok(buffers() - before < FEW)
  const packet = decoder.next()
  assert.equal(typeof packet === 'object' && packet.kind === 'body' && packet.bytes.length, PIECES)
})

test('so is a draft, whose bytes come as header fields', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-held-'))
  try {
    const before = buffers()
    const memory = { used: 0 }
    const draft = createDraft({ folder, name: 'x', memory, add: async () => undefined })
    for (let i = 0; i < PIECES; i++) await draft.write(Buffer.from('\n'))
    assert.ok(buffers() - before < FEW)
    assert.ok(memory.used >= PIECES)
    let read = 0
    for await (const bytes of draft.read()) read += bytes.length
    assert.equal(read, PIECES)
    await draft.abort()
    assert.equal(memory.used, 0)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
