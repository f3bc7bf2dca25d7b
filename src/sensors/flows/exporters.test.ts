import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  column,
  COLUMNS4,
  dataSet,
  netflow5,
  packet,
  samplerSets,
  type SentFlow,
  templateSet,
  withdrawalSet,
} from '../../../test/support/flow-packets.ts'
import { MINUTE } from '../../model/duration.ts'
import { addressText, type Flow } from './flow.ts'
import { flowReader } from './server.ts'

const FLOWS: readonly SentFlow[] = [
  { from: '198.51.100.2', to: '203.0.113.9', port: 25 },
  { from: '198.51.100.3', to: '203.0.113.10', port: 443, flags: 0x1b, packets: 9, bytes: 4000 },
]

function reading() {
  const seen: string[] = []
  const reader = flowReader(flow => void seen.push(words(flow)))
  return { seen, reader }
}

const words = (flow: Flow) =>
  `${addressText(flow.source)} > ${flow.destinationPort} flags ${flow.flags} ${flow.packets}p ${flow.bytes}b 1/${flow.sampling}`

const EXPECTED = [
  '198.51.100.2 > 25 flags 2 1p 60b 1/1',
  '198.51.100.3 > 443 flags 27 9p 4000b 1/1',
]

test('each sampler has its own interval, and a record says which sampled it', () => {
  for (const version of [9, 10] as const) {
    const { seen, reader } = reading()
    const sampled = (id: bigint) => [...COLUMNS4, column(version === 9 ? 48 : 302, 1, () => id)]
    const sets = [
      samplerSets(version, 400, { 1: 100, 2: 1000 }),
      templateSet(version, 256, sampled(1n)),
      ...[1n, 2n, 3n, 0n].map(id => dataSet(256, sampled(id), FLOWS.slice(0, 1))),
      templateSet(version, 257, COLUMNS4),
      dataSet(257, COLUMNS4, FLOWS.slice(0, 1)),
    ]
    reader.read(packet(version, sets), 'a')
    // Sampler 3 was not told, 0 is none; without an id no more is taken than the least.
    assert.deepEqual(
      seen.map(line => line.replace(/.*1\//, '')),
      ['100', '1000', '1', '1', '100'],
      `version ${version}`,
    )
  }
})

test('YAF counts in totals, Cisco ASA by who began', () => {
  const { seen, reader } = reading()
  const packets = (one: SentFlow) => BigInt(one.packets ?? 1)
  const bytes = (one: SentFlow) => BigInt(one.bytes ?? 60)
  const ends = [...COLUMNS4.slice(0, 2), ...COLUMNS4.slice(4, 7)]
  const yaf = [
    ...ends,
    column(86, 8, packets),
    column(85, 8, bytes),
    COLUMNS4[7] ?? ends[0],
  ].filter(one => one !== undefined)
  reader.read(packet(10, [templateSet(10, 256, yaf), dataSet(256, yaf, FLOWS)]), 'yaf')
  assert.deepEqual(seen.splice(0), EXPECTED)
  // It tells no flags: the side that began sent a SYN, and something came back or did not.
  const back = (one: SentFlow) => (one.port === 25 ? 0n : 7n)
  const asa = [
    ...ends,
    column(298, 4, packets),
    column(231, 4, bytes),
    column(299, 4, back),
    column(232, 4, back),
  ]
  reader.read(packet(9, [templateSet(9, 260, asa), dataSet(260, asa, FLOWS)]), 'asa')
  assert.deepEqual(seen, [
    '198.51.100.2 > 25 flags 2 1p 60b 1/1',
    '198.51.100.3 > 443 flags 18 9p 4000b 1/1',
  ])
})

test('a template that is told anew and cannot be used ends the one before', () => {
  for (const version of [9, 10] as const) {
    const { seen, reader } = reading()
    const data = packet(version, [dataSet(300, COLUMNS4, FLOWS)])
    const told = packet(version, [templateSet(version, 300, COLUMNS4)])
    const tooLong = Array.from({ length: 3 }, () => column(82, 4000, () => 0n))
    const empty = [column(82, 0, () => 0n)]
    for (const unusable of [tooLong, empty]) {
      reader.read(told, 'a')
      reader.read(packet(version, [templateSet(version, 300, unusable)]), 'a')
      reader.read(data, 'a')
      assert.deepEqual(seen.splice(0), [])
    }
    assert.equal(reader.counts.unknown, 2)
    const unreadable = () => reader.worries(0).map(({ what }) => what)
    assert.deepEqual(unreadable(), ['template unreadable'])
    reader.read(told, 'a')
    assert.deepEqual(unreadable(), [])
    // Cut off in the middle of its fields.
    reader.read(told, 'a')
    const cut = templateSet(version, 300, COLUMNS4).subarray(0, 20)
    cut.writeUInt16BE(20, 2)
    reader.read(packet(version, [cut]), 'a')
    reader.read(data, 'a')
    assert.deepEqual(seen, [])
  }
})

test('all templates of a domain are withdrawn at once (RFC 7011, 8.1)', () => {
  const { seen, reader } = reading()
  const both = packet(
    10,
    [300, 301].map(id => dataSet(id, COLUMNS4, FLOWS)),
  )
  const told = packet(
    10,
    [300, 301].map(id => templateSet(10, id, COLUMNS4)),
  )
  reader.read(told, 'a')
  reader.read(
    packet(
      10,
      [300].map(id => templateSet(10, id, COLUMNS4)),
      8,
    ),
    'a',
  )
  // Options templates are others.
  reader.read(packet(10, [withdrawalSet('options')]), 'a')
  reader.read(both, 'a')
  assert.equal(seen.splice(0).length, 4)
  reader.read(packet(10, [withdrawalSet('templates')]), 'a')
  reader.read(both, 'a')
  assert.deepEqual(seen, [])
  reader.read(packet(10, [dataSet(300, COLUMNS4, FLOWS)], 8), 'a')
  assert.equal(seen.length, 2)
})

test('what was lost on the way is counted by sequence numbers, for each exporter and domain', () => {
  const { reader } = reading()
  const five = (sequence: number) => reader.read(netflow5(FLOWS, 0, sequence), 'five')
  // Records: two in each packet.
  for (const sequence of [10, 12, 18, 20]) five(sequence)
  // One that was overtaken was not lost.
  five(14)
  const told = templateSet(9, 256, COLUMNS4)
  const nine = (sequence: number) =>
    reader.read(packet(9, [told, dataSet(256, COLUMNS4, FLOWS)], 7, sequence), 'nine')
  // Packets.
  for (const sequence of [1, 2, 5]) nine(sequence)
  const ten = (sequence: number, domain = 7) =>
    reader.read(
      packet(10, [templateSet(10, 256, COLUMNS4), dataSet(256, COLUMNS4, FLOWS)], domain, sequence),
      'ten',
    )
  // Records.
  for (const sequence of [0xffff_fffe, 0, 2, 5]) ten(sequence)
  for (const sequence of [70, 72]) ten(sequence, 8)
  // It began anew.
  for (const sequence of [0, 2]) ten(sequence, 8)
  const shown = reader
    .exporters(0)
    .map(one => `${one.name} ${one.domain} lost ${one.lost} of ${one.lost + one.heard} ${one.unit}`)
  assert.deepEqual(shown, [
    'five 0 lost 2 of 12 records',
    'nine 7 lost 2 of 5 packets',
    'ten 7 lost 1 of 9 records',
    'ten 8 lost 0 of 8 records',
  ])
})

test('a template that does not come is a worry after a while, with what waits for it', () => {
  const { reader } = reading()
  const data = packet(10, [dataSet(300, COLUMNS4, FLOWS)])
  reader.read(packet(10, [templateSet(10, 256, COLUMNS4)]), 'a', 0)
  reader.read(data, 'a', MINUTE)
  assert.deepEqual(reader.worries(2 * MINUTE), [])
  reader.read(data, 'a', 20 * MINUTE)
  assert.deepEqual(reader.worries(21 * MINUTE), [
    {
      what: 'template gap',
      about: 'flows a domain 7',
      words: 'records of template 300 came for 20m, and it was not told',
    },
  ])
  const [one] = reader.exporters(21 * MINUTE)
  assert.deepEqual([one?.templates, one?.templateAge, one?.waiting], [1, 21 * MINUTE, [300]])
  reader.read(packet(10, [templateSet(10, 300, COLUMNS4)]), 'a', 22 * MINUTE)
  assert.deepEqual(reader.worries(23 * MINUTE), [])
})

test('sFlow is not supported, and that is said: of the exporter, until it ceases', () => {
  const { seen, reader } = reading()
  // Version 5 of sFlow has its number in 32 bits; version 2 is the same otherwise.
  const sflow = Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1)
  reader.read(sflow, 'a', 0)
  reader.read(Uint8Array.of(0, 0, 9, 9), 'b', 0)
  assert.deepEqual(reader.worries(MINUTE), [
    {
      what: 'sflow',
      about: 'flows a',
      words: 'it sends sFlow, which is not supported: nothing is known of these lines',
    },
  ])
  assert.deepEqual([seen, reader.counts.bad], [[], 2])
  assert.deepEqual(reader.worries(60 * MINUTE), [])
})

test('one packet in a hundred lost is a worry', () => {
  const { reader } = reading()
  for (let i = 0; i < 200; i++) reader.read(netflow5(FLOWS, 0, i * 2 + (i > 100 ? 10 : 0)), 'a', 0)
  assert.deepEqual(reader.worries(1000), [
    {
      what: 'sequence gap',
      about: 'flows a domain 0',
      words: '10 of 410 records were lost on the way in the last ten to twenty minutes',
    },
  ])
  assert.deepEqual(reader.worries(60 * MINUTE), [])
})
