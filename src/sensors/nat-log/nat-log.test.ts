import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { test } from 'node:test'
import type { LeaseChange } from '../../model/lease.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { TellerClock } from '../../wire/teller-clock.ts'
import { type Block, blockReader, syslogStamp } from './block-lines.ts'
import { inDoubt, movedBy } from './nat-blocks.ts'
import { openNatLog } from './nat-log.ts'

const JUNIPER = {
  allocated: ['JSERVICES_NAT_PORT_BLOCK_ALLOC: {inside} -> {outside}:{first}-{last}'],
  active: ['JSERVICES_NAT_PORT_BLOCK_ACTIVE: {inside} -> {outside}:{first}-{last}'],
  released: ['JSERVICES_NAT_PORT_BLOCK_RELEASE: {inside} -> {outside}:{first}-{last}'],
}

test('lines as they are written there, and no others', () => {
  const read = blockReader(JUNIPER)
  assert.deepEqual(
    read(
      '<14>Nov 20 10:22:00 mx1 (FPC Slot 2) {set1}[FWNAT]: JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:2048-3071 0x5b2d8ca9',
    ),
    { kind: 'allocated', inside: '100.64.0.7', outside: '203.0.113.7', ports: [2048, 3071] },
  )
  assert.equal(
    read('JSERVICES_NAT_PORT_BLOCK_RELEASE:  100.64.0.7 -> 203.0.113.7:2048-3071')?.kind,
    'released',
  )
  for (const line of [
    'JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:3071-2048',
    'JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:2048-99999',
    'JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.999 -> 203.0.113.7:1-2',
    'something else',
    '',
  ])
    assert.equal(read(line), undefined, line)
  const own = blockReader({
    allocated: ['+{outside} {first} {last} {inside};'],
    active: [],
    released: ['-{outside} {first} {last} {inside};'],
  })
  assert.deepEqual(own('-203.0.113.7 1 2 100.64.0.7;')?.kind, 'released')
})

const quiet = {
  clocks: { of: () => new TellerClock(), list: () => [] },
  heardOf: () => undefined,
  noteHeard: () => undefined,
  now: () => 7,
  trouble: (error: unknown) => assert.fail(String(error)),
}
const empty = { standing: () => [], all: () => [] }

test('each block is a lease of a part of an address; of unknown homes and unknown senders nothing is kept', async t => {
  const moved: LeaseChange[] = []
  const memory = memoryLeases()
  const sensor = await openNatLog(
    {
      address: '127.0.0.1',
      port: 0,
      sources: [{ address: '127.0.0.1' }],
      realm: 'main',
      insideRealm: 'bng1',
      ...JUNIPER,
    },
    {
      ...quiet,
      moveLeases: async changes => {
        moved.push(...changes)
        for (const { kind, lease } of changes)
          if (kind === 'open') memory.open(lease)
          else memory.close(lease, 7)
      },
      leases: {
        ...empty,
        standing: (realm, prefix) => memory.standing(realm, prefix),
        holderAt: (realm, address) =>
          realm === 'bng1' && address === '100.64.0.7'
            ? { sure: 'certain', subscriber: 'anna' }
            : { sure: 'unknown' },
      },
    },
  )
  t.after(() => sensor.close())
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  const say = (text: string) =>
    new Promise(resolve => socket.send(text, sensor.port, '127.0.0.1', resolve))
  await say('JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:2048-3071\n')
  await say('JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.8 -> 203.0.113.7:3072-4095\n')
  await say('JSERVICES_NAT_PORT_BLOCK_RELEASE: 100.64.0.7 -> 203.0.113.7:2048-3071\n')
  for (let i = 0; i < 100 && moved.length < 2; i++)
    await new Promise(resolve => setTimeout(resolve, 10))
  const lease = {
    realm: 'main',
    prefix: '203.0.113.7/32',
    ports: [2048, 3071],
    subscriber: 'anna',
    from: 7,
    inside: { realm: 'bng1', address: '100.64.0.7' },
  }
  assert.deepEqual(moved, [
    { kind: 'open', lease },
    { kind: 'close', lease: { ...lease, to: 7 } },
  ])
  assert.deepEqual(sensor.counts, {
    allocated: 2,
    active: 0,
    released: 1,
    other: 0,
    unknown: 1,
    strangers: 0,
  })
})

test('what was heard is told before it is closed, and nothing afterwards', async () => {
  let closed = false
  const moved: LeaseChange[] = []
  const heard = Promise.withResolvers<void>()
  const sensor = await openNatLog(
    {
      address: '127.0.0.1',
      port: 0,
      sources: [{ address: '127.0.0.1' }],
      realm: 'main',
      insideRealm: 'bng1',
      ...JUNIPER,
    },
    {
      ...quiet,
      moveLeases: async changes => {
        assert.ok(!closed, 'leases were moved after the end')
        await Promise.resolve()
        moved.push(...changes)
      },
      leases: {
        ...empty,
        holderAt: () => {
          heard.resolve()
          return { sure: 'certain', subscriber: 'anna' }
        },
      },
    },
  )
  const socket = createSocket('udp4')
  socket.send(
    'JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:2048-3071',
    sensor.port,
    '127.0.0.1',
  )
  await heard.promise
  await sensor.close()
  closed = true
  socket.close()
  assert.equal(moved.length, 1)
})

test('as other makers write them: any word, a size instead of a last port, several forms', () => {
  const srx = blockReader({
    allocated: [
      'RT_SRC_NAT_PBA_ALLOC: Subscriber {inside} used/maximum [{any}] blocks, allocates port block [{first}-{last}] from {outside} in',
    ],
    active: [],
    released: [
      'RT_SRC_NAT_PBA_RELEASE: Subscriber {inside} used/maximum [{any}] blocks, releases port block [{first}-{last}] from {outside} in',
    ],
  })
  assert.deepEqual(
    srx(
      '<14>1 2026-01-05T00:00:00.000Z srx RT_NAT - RT_SRC_NAT_PBA_ALLOC: Subscriber 100.64.0.7 used/maximum [0/8] blocks, allocates port block [1024-1279] from 203.0.113.7 in source pool p1 lsys_id: 0',
    ),
    { kind: 'allocated', inside: '100.64.0.7', outside: '203.0.113.7', ports: [1024, 1279] },
  )
  const size = blockReader({
    allocated: [
      '[PortblockA {any} {inside} {outside} {first} {count}]',
      'ADD {outside} {first} {last} {inside};',
    ],
    active: [],
    released: [],
  })
  const found = {
    kind: 'allocated',
    inside: '100.64.0.7',
    outside: '203.0.113.7',
    ports: [1024, 1535],
  }
  assert.deepEqual(size('[PortblockA ivrf1 100.64.0.7 203.0.113.7 1024 512]'), found)
  assert.deepEqual(size('ADD 203.0.113.7 1024 1535 100.64.0.7;'), found)
  // As docs/network.md has it for Nokia.
  const nokia = (verb: string) =>
    `${verb} {outside} [{first} - {last}] MDA {any} -- {any} classic-lsn-sub {any} {any} {inside} at`
  const sr = blockReader({ allocated: [nokia('Map')], active: [], released: [nokia('Free')] })
  const line = (verb: string) =>
    `2 2026/01/05 00:00:00.00 UTC MINOR: NAT #2012 Base NAT "{1} ${verb} 203.0.113.7 [1024 - 1535] MDA 1/2 -- 276824064 classic-lsn-sub %3 vprn1 100.64.0.7 at 2026/01/05 00:00:00"`
  assert.deepEqual(sr(line('Map')), found)
  assert.deepEqual(sr(line('Free')), { ...found, kind: 'released' })
})

test('when a line was written', () => {
  const now = new Date(2026, 0, 1, 0, 0, 5).getTime()
  assert.equal(syslogStamp('<14>Dec 31 23:59:58 nat1 x', now), now - 7000)
  assert.equal(syslogStamp('Jan  1 00:00:04 nat1 x', now), now - 1000)
  assert.equal(
    syslogStamp('<14>1 2026-01-05T01:00:00.250+01:00 nat1 x', now),
    Date.UTC(2026, 0, 5) + 250,
  )
  for (const line of ['', '<14>', 'JSERVICES: x', 'Foo 10 00:00:00 x'])
    assert.equal(syslogStamp(line, now), undefined, line)
})

/** One outside address and its homes, told line by line. */
function natWorld() {
  const leases = memoryLeases()
  const settings = { realm: 'main', insideRealm: 'bng1' }
  const move = (changes: readonly LeaseChange[]) => {
    for (const { kind, lease } of changes)
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const home = (address: string, subscriber: string, from: number) =>
    leases.open({ realm: 'bng1', prefix: `${address}/32`, subscriber, from })
  home('100.64.0.1', 'anna', 0)
  home('100.64.0.2', 'bert', 0)
  const told = (kind: Block['kind'], inside: string, at: number) => {
    const block = { kind, inside, outside: '203.0.113.7', ports: [1024, 2047] as const }
    const { changes } = movedBy(block, { at }, { ...settings, leases })
    move(changes)
  }
  const who = (at: number) => {
    const { sure, subscriber } = leases.holderAt('main', '203.0.113.7', 1500, at)
    return sure === 'certain' ? subscriber : sure
  }
  return {
    leases,
    home,
    told,
    who,
    restarted: (at: number) => move(inDoubt(leases.all(), { ...settings, since: () => at })),
  }
}

test('a block whose release was lost: since when it was another’s is unknown', () => {
  const { told, who } = natWorld()
  told('allocated', '100.64.0.1', 10)
  told('allocated', '100.64.0.2', 20)
  assert.deepEqual([who(15), who(21)], ['ambiguous', 'bert'])
  // Of one that was taken back properly it is known.
  told('released', '100.64.0.2', 30)
  told('allocated', '100.64.0.1', 40)
  assert.deepEqual([who(25), who(35), who(41)], ['bert', 'unknown', 'anna'])
  told('released', '100.64.0.2', 50)
  assert.deepEqual([who(45), who(51)], ['ambiguous', 'unknown'])
})

test('a block is its inside address’s holder’s: when that changes hands its holder is in doubt, until the log says it again', () => {
  const { home, told, who } = natWorld()
  told('allocated', '100.64.0.1', 10)
  home('100.64.0.1', 'carl', 20)
  assert.deepEqual([who(15), who(25)], ['anna', 'ambiguous'])
  told('active', '100.64.0.1', 30)
  assert.deepEqual([who(15), who(31)], ['anna', 'carl'])
})

test('what stood while Cordon was down is in doubt since then, until it is told of again', () => {
  const { leases, told, who, restarted } = natWorld()
  told('allocated', '100.64.0.1', 10)
  restarted(20)
  assert.equal(leases.holder('main', '203.0.113.7', 1500).sure, 'ambiguous')
  assert.deepEqual([who(15), who(25)], ['anna', 'ambiguous'])
  told('active', '100.64.0.1', 30)
  assert.deepEqual([who(15), who(35)], ['anna', 'anna'])
})

test('a log whose lines have another form is told of', async t => {
  const settings = { address: '127.0.0.1', port: 0, realm: 'main', insideRealm: 'bng1', ...JUNIPER }
  const sensor = await openNatLog(
    { ...settings, sources: [{ address: '127.0.0.1' }] },
    {
      ...quiet,
      moveLeases: async () => undefined,
      leases: { ...empty, holderAt: () => ({ sure: 'unknown' }) },
    },
  )
  t.after(() => sensor.close())
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  const text = 'NAT44 block 100.64.0.7 203.0.113.7 2048 3071\n'.repeat(25)
  socket.send(text, sensor.port, '127.0.0.1')
  while (sensor.counts.other < 25) await new Promise(resolve => setTimeout(resolve, 10))
  assert.deepEqual(
    sensor.worries().map(({ what, about }) => `${what} ${about}`),
    ['NAT log unread 127.0.0.1'],
  )
})
