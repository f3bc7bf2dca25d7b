// Whatever bytes come, flow records are read or counted as bad: nothing is thrown, nothing is read beyond a packet, and what is kept of
// templates has a bound. The fuzzer is shown to find planted bugs.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Flow } from '../../src/sensors/flows/flow.ts'
import { flowReader } from '../../src/sensors/flows/server.ts'
import {
  column,
  COLUMNS4,
  COLUMNS6,
  dataSet,
  netflow5,
  packet,
  samplingSets,
  type SentFlow,
  templateSet,
} from '../support/flow-packets.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 10)

const octet = fc.nat(255)
const address = fc.tuple(octet, octet).map(([a, b]) => `192.0.${a}.${b}`)
const address6 = fc
  .tuple(octet, octet)
  .map(([a, b]) => `2001:db8:${a.toString(16)}::${b.toString(16)}`)
const more = {
  port: fc.nat(65_535),
  flags: octet,
  protocol: fc.constantFrom(6, 17, 1),
  packets: fc.nat(1_000_000),
}
const sent: fc.Arbitrary<SentFlow> = fc.record({ from: address, to: address, ...more })
const sent6: fc.Arbitrary<SentFlow> = fc.record({ from: address6, to: address6, ...more })
const texts = fc
  .string({ maxLength: 400, unit: 'binary-ascii' })
  .map(text => [column(82, 0xffff, () => text), ...COLUMNS4])
const columns = fc.oneof(
  fc.shuffledSubarray([...COLUMNS4], { minLength: 1 }),
  fc.constant([...COLUMNS4]),
  texts,
)
const sets = fc
  .record({
    version: fc.constantFrom(9 as const, 10 as const),
    id: fc.integer({ min: 256, max: 260 }),
    columns,
    all: fc.array(sent, { maxLength: 4 }),
    six: fc.array(sent6, { maxLength: 3 }),
    every: fc.nat(2000),
    order: fc.boolean(),
  })
  .map(({ version, id, columns: mine, all, six, every, order }) => {
    const parts = [
      templateSet(version, id, mine),
      dataSet(id, mine, all),
      samplingSets(version, id + 10, every),
      templateSet(version, id + 20, COLUMNS6),
      dataSet(id + 20, COLUMNS6, six),
    ]
    return packet(version, order ? parts : parts.toReversed())
  })
const made = fc.oneof(
  sets,
  fc.array(sent, { maxLength: 30 }).map(all => netflow5(all, 100)),
  fc.uint8Array({ maxLength: 1500, size: 'max' }).map(bytes => Buffer.from(bytes)),
)
const damage = fc.array(fc.record({ at: fc.nat(1499), to: octet }), { maxLength: 5 })
const given = fc.record({ made, damage, cut: fc.option(fc.nat(1500)) })

type FlowReader = ReturnType<typeof flowReader>

/** Throws when a reader does what none may. */
function run(
  make: (told: (flow: Flow) => void) => FlowReader,
  limit: { seconds?: number; runs: number },
) {
  let records = 0
  const reader = make(flow => {
    records++
    const { source, destination, sampling } = flow
    for (const one of [source, destination]) {
      if (typeof one === 'number')
        assert.ok(Number.isInteger(one) && one >= 0 && one <= 0xffff_ffff)
      else assert.match(one, /^[0-9a-f]{32}$/)
    }
    for (const port of [flow.sourcePort, flow.destinationPort])
      assert.ok(port >= 0 && port < 65_536)
    assert.ok(
      flow.packets >= 0 && flow.bytes >= 0 && sampling >= 1 && Number.isFinite(flow.endedAt),
    )
  })
  fc.assert(
    fc.property(given, ({ made: whole, damage: changes, cut }) => {
      const bytes = Buffer.from(whole).subarray(0, cut ?? whole.length)
      for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to
      const [before, read] = [records, reader.counts.packets]
      // In the midst of other people's bytes: nothing may be read beyond its own.
      const around = Buffer.concat([Buffer.alloc(64, 0xee), bytes, Buffer.alloc(64, 0xee)])
      reader.read(around.subarray(64, 64 + bytes.length), 'a')
      assert.equal(reader.counts.packets, read + 1)
      // No record is shorter than a byte.
      assert.ok(records - before <= bytes.length, 'more records than bytes')
    }),
    {
      numRuns: limit.runs,
      ...(limit.seconds === undefined
        ? {}
        : { interruptAfterTimeLimit: limit.seconds * 1000, markInterruptAsFailure: false }),
    },
  )
  return records
}

test('flow export: made, damaged, cut and random packets', () => {
  const records = run(told => flowReader(told), { runs: 10_000_000, seconds: SECONDS })
  assert.ok(records > 1000, `only ${records} records were read`)
})

/** Bugs as they are made in such code. */
const PLANTED: Readonly<
  Record<string, (reader: FlowReader, told: (flow: Flow) => void) => FlowReader['read']>
> = {
  'a version 5 packet is believed to be as long as it says': (reader, told) => (bytes, from) => {
    if (bytes[1] === 5 && bytes[0] === 0 && bytes.length >= 24) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let i = 0; i < view.getUint16(2); i++) view.getUint32(24 + i * 48)
    }
    reader.read(bytes, from)
    void told
  },
  'bytes beyond the packet are read': (reader, told) => (bytes, from) => {
    const wider = new DataView(bytes.buffer, bytes.byteOffset)
    if (bytes.length > 30) told({ ...EMPTY, packets: wider.getInt8(bytes.length) })
    reader.read(bytes, from)
  },
  'an odd packet throws': (reader, _told) => (bytes, from) => {
    if (bytes.length === 17) throw new Error('odd')
    reader.read(bytes, from)
  },
  'a record of no bytes is told for ever': (reader, told) => (bytes, from) => {
    reader.read(bytes, from)
    if (bytes[1] === 10) for (let i = 0; i < 2000; i++) told(EMPTY)
  },
  'a port has the sign of a number': (reader, told) => (bytes, from) => {
    reader.read(bytes, from)
    if (bytes.length > 40)
      told({ ...EMPTY, sourcePort: new DataView(bytes.buffer, bytes.byteOffset).getInt16(30) })
  },
}
const EMPTY: Flow = {
  source: 1,
  destination: 2,
  sourcePort: 1,
  destinationPort: 1,
  protocol: 6,
  flags: 0,
  packets: 1,
  bytes: 1,
  sampling: 1,
  endedAt: 0,
  sentAt: 0,
}

for (const [name, plant] of Object.entries(PLANTED))
  test(`the fuzzer finds it: ${name}`, () => {
    assert.throws(() =>
      run(
        told => {
          const reader = flowReader(told)
          return { ...reader, read: plant(reader, told) }
        },
        { runs: 20_000 },
      ),
    )
  })
