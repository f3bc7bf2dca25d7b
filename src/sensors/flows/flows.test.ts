import assert from 'node:assert/strict'
import { test } from 'node:test'
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
} from '../../../test/support/flow-packets.ts'
import type { NewEvent } from '../../model/event.ts'
import { parseFeed } from './contact-list.ts'
import { DifferentOnes } from './different-ones.ts'
import { addressText, type Flow, flowAddress, inPrefixes } from './flow.ts'
import { flowWatch, type FlowWatchSettings } from './flow-watch.ts'
import { type Moment, TellerClock } from '../../wire/teller-clock.ts'
import { flowReader } from './server.ts'

const FLOWS: readonly SentFlow[] = [
  { from: '198.51.100.2', to: '203.0.113.9', port: 25 },
  { from: '198.51.100.3', to: '203.0.113.10', port: 443, flags: 0x1b, packets: 9, bytes: 4000 },
]
const FLOWS6: readonly SentFlow[] = [{ from: '2001:db8:100::2', to: '2001:db8:f::9', port: 25 }]

function reading() {
  const seen: string[] = []
  const reader = flowReader(flow => void seen.push(words(flow)))
  return { seen, reader }
}

const words = (flow: Flow) =>
  `${addressText(flow.source)}:${flow.sourcePort} > ${addressText(flow.destination)}:${flow.destinationPort} ${flow.protocol} ${flow.flags} ${flow.packets}p ${flow.bytes}b 1/${flow.sampling}`

const EXPECTED = [
  '198.51.100.2:40000 > 203.0.113.9:25 6 2 1p 60b 1/1',
  '198.51.100.3:40000 > 203.0.113.10:443 6 27 9p 4000b 1/1',
]
const EXPECTED6 = '2001:db8:100::2:40000 > 2001:db8:f::9:25 6 2 1p 60b 1/1'

test('NetFlow 5, 9 and IPFIX tell the same', () => {
  const { seen, reader } = reading()
  reader.read(netflow5(FLOWS), 'a')
  assert.deepEqual(seen.splice(0), EXPECTED)
  for (const version of [9, 10] as const) {
    const sets = [
      templateSet(version, 256, COLUMNS4),
      templateSet(version, 257, COLUMNS6),
      dataSet(256, COLUMNS4, FLOWS),
      dataSet(257, COLUMNS6, FLOWS6),
    ]
    reader.read(packet(version, sets), 'a')
    assert.deepEqual(seen.splice(0), [...EXPECTED, EXPECTED6], `version ${version}`)
  }
  assert.deepEqual(reader.counts, { packets: 3, records: 8, bad: 0, unknown: 0, strangers: 0 })
})

test('a template is its exporter’s and its domain’s own, may come later, and may change', () => {
  const { seen, reader } = reading()
  const data = packet(10, [dataSet(300, COLUMNS4, FLOWS)])
  reader.read(data, 'a')
  assert.equal(reader.counts.unknown, 1)
  reader.read(packet(10, [templateSet(10, 300, COLUMNS4)]), 'b')
  reader.read(packet(10, [templateSet(10, 300, COLUMNS4)], 8), 'a')
  reader.read(data, 'a')
  assert.equal(reader.counts.unknown, 2)
  reader.read(packet(10, [templateSet(10, 300, COLUMNS4)]), 'a')
  reader.read(data, 'a')
  assert.deepEqual(seen.splice(0), EXPECTED)
  const turned = COLUMNS4.toReversed()
  reader.read(packet(10, [templateSet(10, 300, turned), dataSet(300, turned, FLOWS)]), 'a')
  assert.deepEqual(seen.splice(0), EXPECTED)
  // RFC 7011 §8.1: a template without fields takes it back.
  reader.read(packet(10, [templateSet(10, 300, [])]), 'a')
  reader.read(data, 'a')
  assert.deepEqual(seen, [])
})

test('fields of any length, and an enterprise’s own, are stepped over', () => {
  const { seen, reader } = reading()
  const columns = [
    column(82, 0xffff, () => 'wan0'),
    ...COLUMNS4.slice(0, 4),
    column(8, 4, () => 1n, 29_305),
    column(461, 0xffff, () => 'x'.repeat(300)),
    ...COLUMNS4.slice(4),
  ]
  reader.read(packet(10, [templateSet(10, 256, columns), dataSet(256, columns, FLOWS)]), 'a')
  assert.deepEqual(seen, EXPECTED)
})

test('sampling is honoured, wherever it is told', () => {
  const { seen, reader } = reading()
  reader.read(netflow5(FLOWS, 100), 'a')
  for (const version of [9, 10] as const) {
    const told = samplingSets(version, 400, 100)
    const sets = [told, templateSet(version, 256, COLUMNS4), dataSet(256, COLUMNS4, FLOWS)]
    reader.read(packet(version, sets, version), 'a')
  }
  assert.equal(seen.length, 6)
  for (const line of seen) assert.match(line, /1\/100$/)
})

test('what is cut off or makes no sense is counted', () => {
  const { seen, reader } = reading()
  const whole = packet(10, [templateSet(10, 256, COLUMNS4), dataSet(256, COLUMNS4, FLOWS)])
  const bad = [
    Buffer.alloc(0),
    Buffer.from([0]),
    Buffer.from('GET / HTTP/1.1'),
    netflow5(FLOWS).subarray(0, 60),
  ]
  for (const one of bad) reader.read(one, 'a')
  assert.equal(reader.counts.bad, bad.length)
  for (let length = 0; length < whole.length; length++) reader.read(whole.subarray(0, length), 'c')
  assert.ok(seen.length <= whole.length)
  // Endless templates: the oldest goes.
  for (let id = 256; id < 2000; id++) reader.read(packet(9, [templateSet(9, id, COLUMNS4)]), 'd')
  reader.read(packet(9, [dataSet(256, COLUMNS4, FLOWS)]), 'd')
  seen.splice(0)
  reader.read(packet(9, [dataSet(1999, COLUMNS4, FLOWS)]), 'd')
  assert.deepEqual(seen, EXPECTED)
})

test('prefixes of any length', () => {
  const ours = inPrefixes(['198.51.100.0/24', '2001:db8:100::/40', '2001:db8:8000::/33'])
  const is = (text: string) => ours(flowAddress(text) ?? 0)
  assert.deepEqual(
    [
      '198.51.100.255',
      '198.51.101.0',
      '2001:db8:1ff::1',
      '2001:db8:200::1',
      '2001:db8:ffff::1',
      '2001:db8:7fff::1',
    ].map(is),
    [true, false, true, false, true, false],
  )
})

const SETTINGS: FlowWatchSettings = {
  realm: 'main',
  networks: ['198.51.100.0/24'],
  servers: ['203.0.113.25/32'],
  antiSpoofed: true,
  port25: 'open',
}
const AT = 1_764_000_000_000

function watching(more: Partial<FlowWatchSettings> = {}, feed = '') {
  const told: NewEvent[] = []
  const list = parseFeed('feed.csv', feed)
  const contacts = {
    find: (address: number | string, port: number) => {
      const entry = list.single.get(address)
      return entry && (!entry.ports || entry.ports.has(port))
        ? { list: list.name, online: entry.online }
        : undefined
    },
    refresh: () => undefined,
    size: list.size,
  }
  const watch = flowWatch(
    { ...SETTINGS, ...more },
    { report: event => void told.push(event), contacts },
  )
  let at = AT
  const reader = flowReader(flow => watch.see(flow, at))
  const see = (all: readonly SentFlow[], later = 0) => {
    at = AT + later
    for (let i = 0; i < all.length; i += 30) reader.read(netflow5(all.slice(i, i + 30)), 'a')
    return told
      .splice(0)
      .map(event =>
        event.kind === 'traffic-seen'
          ? `${event.who.address} ${event.sign} ${event.port} ${event.count}`
          : event.kind === 'egress-attempt'
            ? `${event.who.address} 25 ${event.outcome}`
            : event.kind,
      )
  }
  return { see, watch }
}
const many = (count: number, one: Omit<SentFlow, 'to'>): SentFlow[] =>
  Array.from({ length: count }, (_, i) => ({ ...one, to: `192.0.2.${i + 1}` }))
const HOME = '198.51.100.2'

test('port 25: each server once in a window; refused only where it is known to be closed', () => {
  const knock = [
    { from: HOME, to: '192.0.2.1', port: 25 },
    { from: HOME, to: '192.0.2.1', port: 25 },
    { from: HOME, to: '192.0.2.2', port: 25, flags: 0x1b, packets: 12 },
    { from: HOME, to: '203.0.113.25', port: 25 },
    { from: '192.0.2.77', to: HOME, port: 25 },
  ]
  assert.deepEqual(watching().see(knock), [`${HOME} 25 passed`, `${HOME} 25 passed`])
  const closed = watching({ port25: 'closed' })
  assert.deepEqual(closed.see(knock), [`${HOME} 25 refused`, `${HOME} 25 passed`])
  assert.deepEqual(closed.see(knock, 600_000), [`${HOME} 25 refused`, `${HOME} 25 passed`])
})

test('scans: twenty machines on one port that do not answer, and not what file sharing does', () => {
  const { see } = watching()
  assert.deepEqual(see(many(19, { from: HOME, port: 445 })), [])
  assert.deepEqual(see(many(120, { from: HOME, port: 445 })), [
    `${HOME} scan 445 20`,
    `${HOME} scan 445 100`,
  ])
  assert.deepEqual(see(many(120, { from: '198.51.100.3', port: 51_413 })), [])
  assert.deepEqual(see(many(120, { from: '198.51.100.3', port: 443, flags: 0x1b, packets: 9 })), [])
})

test('many foreign submission servers, and many strangers at a home’s port', () => {
  const { see } = watching()
  const talk = { flags: 0x1b, packets: 20 }
  assert.deepEqual(see(many(4, { from: HOME, port: 587, ...talk })), [])
  assert.deepEqual(see(many(6, { from: HOME, port: 465, ...talk })), [
    `${HOME} submission-fan-out 587 5`,
  ])
  const guests = Array.from({ length: 60 }, (_, i) => ({
    from: `192.0.2.${i + 1}`,
    to: HOME,
    port: 80,
    flags: 0x1b,
    packets: 5,
  }))
  assert.deepEqual(see(guests), [`${HOME} serves-many 80 50`])
  assert.deepEqual(
    see(
      guests.map(one => ({ ...one, port: 51_413 })),
      1,
    ),
    [],
  )
})

test('a line that strangers knock at, and that answers them, talks to no submission server', () => {
  const { see } = watching()
  // A reset, to strangers that knock from port 587.
  assert.deepEqual(see(many(30, { from: HOME, port: 587, flags: 0x14 })), [])
})

test('an outsider that knocks at sixteen ports does not hide what matters more', () => {
  const { see } = watching({ port25: 'closed' })
  const knocks = Array.from({ length: 40 }, (_, i) => ({
    from: '192.0.2.9',
    to: HOME,
    port: 100 + i,
    flags: 0x1b,
    packets: 5,
  }))
  assert.deepEqual(see(knocks), [])
  assert.deepEqual(see([{ from: HOME, to: '192.0.2.1', port: 25 }]), [`${HOME} 25 refused`])
  assert.deepEqual(see(many(5, { from: HOME, port: 587, flags: 0x1b, packets: 20 })), [
    `${HOME} submission-fan-out 587 5`,
  ])
})

test('a line that knocks at 64 other ports, and is knocked at on 64, is seen to scan all the same', () => {
  const { see } = watching({ port25: 'closed' })
  const ports = Array.from({ length: 64 }, (_, i) => 100 + i)
  const outward = ports.map(port => ({ from: HOME, to: '192.0.2.9', port }))
  const inward = ports.map(port => ({ from: '192.0.2.9', to: HOME, port, flags: 0x1b, packets: 5 }))
  assert.deepEqual(see([...outward, ...inward]), [])
  assert.deepEqual(see(many(20, { from: HOME, port: 445 })), [`${HOME} scan 445 20`])
  // Each port of a scan counts on its own, and none takes another's place.
  const worm = [21, 22, 23, 80, 110, 135, 139, 143, 443, 1433, 2323, 3306, 3389, 5432, 5555, 5900]
  see(worm.map(port => ({ from: HOME, to: '192.0.2.9', port })))
  assert.deepEqual(see(many(20, { from: HOME, port: 37_215 })), [`${HOME} scan 37215 20`])
  assert.deepEqual(see([{ from: HOME, to: '192.0.2.1', port: 25 }]), [`${HOME} 25 refused`])
})

test('an outsider that talks to ever more addresses of ours takes no room from what lines do themselves', () => {
  const room = { lines: 4, remembered: 100, counts: 16 }
  const counts = new DifferentOnes(room)
  for (let i = 0; i < 10; i++) counts.count(i, 'serves-many 80', { other: 1, most: 50 })
  assert.equal(counts.lines, 4)
  const { see, watch } = watching({ networks: ['2001:db8:100::/40'] })
  void see
  const line = (i: number) => `2001:db8:100:1::${i.toString(16)}`
  const reader = flowReader(flow => watch.see(flow, AT))
  const knocks = Array.from({ length: 30 }, (_, i) => ({
    from: line(i + 1),
    to: '2001:db8:f::9',
    port: 445,
  }))
  const sets = [templateSet(10, 257, COLUMNS6), dataSet(257, COLUMNS6, knocks)]
  reader.read(packet(10, sets), 'a')
  // A home has all addresses of its /64.
  assert.equal(watch.watched, 1)
})

test('machines that command others: one talk, or one knock where its finder has seen it lately', () => {
  const feed =
    '# first_seen,dst_ip,dst_port,status\n2026-11-20,192.0.2.66,447,offline\n2026-11-20,192.0.2.67,447,online\n'
  const { see } = watching({}, feed)
  const to = (address: string, more: Partial<SentFlow> = {}) => [
    { from: HOME, to: address, port: 447, ...more },
  ]
  assert.deepEqual(see(to('192.0.2.66')), [])
  assert.deepEqual(see(to('192.0.2.66', { port: 80, packets: 9 })), [])
  assert.deepEqual(see(to('192.0.2.66', { packets: 9 })), [`${HOME} command-contact 447 1`])
  assert.deepEqual(see([{ from: '198.51.100.9', to: '192.0.2.67', port: 447 }]), [
    '198.51.100.9 command-contact 447 1',
  ])
})

test('feeds as they are published', () => {
  const feodo = parseFeed(
    'ipblocklist.json',
    '[{"ip_address":"192.0.2.66","port":447,"status":"online","malware":"X"},{"ip_address":"bad"}]',
  )
  assert.deepEqual(feodo.single.get(flowAddress('192.0.2.66') ?? 0), {
    ports: new Set([447]),
    online: true,
  })
  for (const text of [
    '; Spamhaus DROP\n192.0.2.0/24 ; SBL1\n0.0.0.0/0 ; no\n',
    '{"cidr":"192.0.2.0/24","sblid":"SBL1"}\n{"type":"metadata"}\n',
  ]) {
    const drop = parseFeed('drop', text)
    assert.equal(drop.size, 1)
    assert.ok(drop.within(flowAddress('192.0.2.9') ?? 0))
    assert.ok(!drop.within(flowAddress('8.8.8.8') ?? 0))
  }
  assert.throws(() => parseFeed('x', '{"not": "a list"}'))
  const two = '[{"ip_address":"192.0.2.66","ip_address":"192.0.2.67"}]'
  assert.throws(() => parseFeed('x', two), /The key "ip_address" stands twice/)
})

test('floods are many small packets; a download is none', () => {
  const { see } = watching()
  const flood = { from: HOME, to: '192.0.2.5', port: 53, protocol: 17, flags: 0, packets: 900_000 }
  assert.deepEqual(see([{ ...flood, bytes: 900_000 * 60 }]), [`${HOME} flood 0 1`])
  assert.deepEqual(see([{ ...flood, from: '198.51.100.4', bytes: 900_000 * 1400 }]), [])
})

test('an exporter whose clock is slow: a flow is of when it was, and until that is known its subscriber is not certain', () => {
  const told: NewEvent[] = []
  const contacts = { find: () => undefined, refresh: () => undefined, size: 0 }
  const watch = flowWatch(SETTINGS, { report: event => void told.push(event), contacts })
  const clock = new TellerClock()
  const SLOW = 150_000
  let other = 0
  /** Sent then, of a flow that ended a second before. */
  const seen = (now: number) => {
    const sentAt = now - SLOW
    const to = `192.0.2.${++other}`
    let moment: Moment | undefined
    const reader = flowReader(flow => {
      flow.sentAt = sentAt
      flow.endedAt = sentAt - 1000
      moment ??= clock.hear(sentAt, now)
      watch.see(flow, now, moment)
    })
    reader.read(netflow5([{ from: HOME, to, port: 25 }]), 'a')
    const [event] = told.splice(0)
    assert.ok(event?.kind === 'egress-attempt')
    return { at: event.at - AT, since: event.who.since && event.who.since - AT }
  }
  assert.deepEqual(seen(AT), { at: -1000, since: -1000 - SLOW })
  seen(AT + 6000)
  assert.deepEqual(seen(AT + 12_000), { at: 11_000, since: undefined })
})
