// Rows as Kea 2.2 writes them, and files as its clean-up leaves them. A real Kea is in test/lab.

import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Lease, LeaseChange } from '../../model/lease.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { openKea } from './kea.ts'
import { columnsOf, parseRow } from './lease-rows.ts'
import { relayIds } from './relay-ids.ts'

const HEAD4 =
  'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id'
const HEAD6 =
  'address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id'
const T = 1_780_000_000

const row4 = (
  more: {
    address?: string
    hw?: string
    life?: number
    at?: number
    state?: number
    context?: string
  } = {},
) => {
  const {
    address = '192.0.2.7',
    hw = '02:00:00:00:00:07',
    life = 600,
    at = T,
    state = 0,
    context = '',
  } = more
  return `${address},${hw},01:02:00,${life},${at + life},1,0,0,host&#x2cname,${state},${context},0`
}

test('IPv4, delegated prefixes, what a relay says, and what is no row', () => {
  const four = columnsOf(HEAD4)
  const six = columnsOf(HEAD6)
  assert.ok(four && six)
  assert.deepEqual(parseRow(row4(), four), {
    prefix: '192.0.2.7/32',
    keys: ['01:02:00', '02:00:00:00:00:07'],
    from: T * 1000,
    until: (T + 600) * 1000,
  })
  const relay = '{ "ISC": { "relay-agent-info": "0x010261620203AABBCC" } }'.replaceAll(',', '&#x2c')
  assert.deepEqual(parseRow(row4({ context: relay }), four)?.keys.slice(0, 2), ['aabbcc', '6162'])
  const delegated = `2001:db8:1700::,00:03:00:01:aa,600,${T + 600},1,300,2,1,56,0,0,,,0,,,,0`
  assert.equal(parseRow(delegated, six)?.prefix, '2001:db8:1700::/56')
  assert.deepEqual(parseRow(delegated, six)?.keys, ['00:03:00:01:aa'])
  for (const line of ['', 'x', HEAD4, '192.0.2.7,,,x,y,,,,,0,,', '999.0.2.7,,,1,2,,,,,0,,'])
    assert.equal(parseRow(line, four), undefined, line)
  assert.equal(columnsOf('address;expire'), undefined)
})

test('what relays said: of IPv4 in both shapes, of IPv6 the one nearest to the line', () => {
  const isc = (value: unknown) => JSON.stringify({ ISC: value })
  assert.deepEqual(relayIds(isc({ 'relay-agent-info': { 'sub-options': '0x0102616202020A0B' } })), [
    '0a0b',
    '6162',
  ])
  const near = '0x0012000365746800250006000000091234'
  const six = isc({ 'relay-info': [{ options: '0x001200017a' }, { options: near }] })
  assert.deepEqual(relayIds(six), ['1234', '657468'])
  for (const bad of [
    '',
    '{',
    '7',
    '[]',
    'null',
    isc(7),
    isc({ 'relay-info': [7] }),
    isc({ 'relay-agent-info': '0x01ff' }),
  ])
    assert.ok(
      relayIds(bad).every(id => id === ''),
      bad,
    )
})

function sensor(t: TestContext, known: readonly Lease[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-kea-'))
  const [file, customers] = [join(folder, 'l4.csv'), join(folder, 'customers.csv')]
  const told: string[] = []
  const held = memoryLeases(known)
  let now = (T + 10) * 1000
  writeFileSync(customers, '02:00:00:00:00:07,kd1\n02:00:00:00:00:08,kd2\n')
  const kea = openKea(
    { files: [file], customers, realm: 'main' },
    {
      moveLeases: async (changes: Iterable<LeaseChange>) => {
        for (const { kind, lease } of changes) {
          if (kind === 'open') held.open(lease)
          else held.close(lease, lease.to as number)
          told.push(
            `${kind} ${lease.prefix} ${lease.subscriber} ${lease.from / 1000 - T}${lease.to === undefined ? '' : `-${lease.to / 1000 - T}`}`,
          )
        }
      },
      leases: known,
      standing: (realm, prefix) => held.standing(realm, prefix),
      isSubscriber: () => true,
      missing: path => void told.push(`missing ${basename(path)}`),
      now: () => now,
      trouble: error => {
        throw error
      },
    },
  )
  t.after(() => {
    kea.close()
    rmSync(folder, { recursive: true })
  })
  const look = async (seconds?: number) => {
    if (seconds !== undefined) now = (T + seconds) * 1000
    await kea.look()
    return told.splice(0)
  }
  return { file, customers, held, look, worries: () => kea.worries() }
}

test('given, renewed, given to another customer, given back, run out', async t => {
  const { file, look } = sensor(t)
  assert.deepEqual(await look(), ['missing l4.csv'])
  assert.deepEqual(await look(), [])
  writeFileSync(file, `${HEAD4}\n${row4()}\n`)
  assert.deepEqual(await look(), ['open 192.0.2.7/32 kd1 0'])
  // Half a line is no line yet.
  const renewed = row4({ at: T + 300 })
  appendFileSync(file, renewed.slice(0, 20))
  assert.deepEqual(await look(), [])
  appendFileSync(file, `${renewed.slice(20)}\n`)
  assert.deepEqual(await look(700), [])
  appendFileSync(file, `${row4({ at: T + 750, hw: '02:00:00:00:00:08' })}\n`)
  assert.deepEqual(await look(760), ['close 192.0.2.7/32 kd1 0-750', 'open 192.0.2.7/32 kd2 750'])
  appendFileSync(file, `${row4({ at: T + 800, life: 0, hw: '02:00:00:00:00:08' })}\n`)
  assert.deepEqual(await look(810), ['close 192.0.2.7/32 kd2 750-800'])
  appendFileSync(file, `${row4({ at: T + 900 })}\n`)
  assert.deepEqual(await look(910), ['open 192.0.2.7/32 kd1 900'])
  assert.deepEqual(await look(1600), ['close 192.0.2.7/32 kd1 900-1500'])
})

test('a file that is cleaned up is followed, and one that was cleaned up before is read from its beginning', async t => {
  const { file, look } = sensor(t)
  writeFileSync(`${file}.2`, `${HEAD4}\n${row4()}\n`)
  writeFileSync(file, `${HEAD4}\n${row4({ address: '192.0.2.8', hw: '02:00:00:00:00:08' })}\n`)
  assert.deepEqual(await look(), ['open 192.0.2.7/32 kd1 0', 'open 192.0.2.8/32 kd2 0'])
  appendFileSync(file, `${row4({ at: T + 20, life: 0 })}\n`)
  renameSync(file, `${file}.1`)
  writeFileSync(file, `${HEAD4}\n${row4({ address: '192.0.2.9', at: T + 21 })}\n`)
  assert.deepEqual(await look(30), ['close 192.0.2.7/32 kd1 0-20', 'open 192.0.2.9/32 kd1 21'])
})

test('after a restart: what goes on goes on, what ended meanwhile ends', async t => {
  const session = { nas: 'kea', id: 'x', user: 'x' }
  const known = (address: string, subscriber: string): Lease => ({
    realm: 'main',
    prefix: `${address}/32`,
    subscriber,
    from: (T - 500) * 1000,
    session,
  })
  const { file, look } = sensor(t, [
    known('192.0.2.7', 'kd1'),
    known('192.0.2.8', 'kd2'),
    known('192.0.2.9', 'kd2'),
    { ...known('192.0.2.10', 'kd9'), session: { ...session, nas: 'bng1' } },
  ])
  const given = row4({ address: '192.0.2.8', hw: '02:00:00:00:00:08', at: T - 20, life: 0 })
  writeFileSync(file, `${HEAD4}\n${row4()}\n${given}\n`)
  assert.deepEqual(await look(), [
    'close 192.0.2.8/32 kd2 -500--20',
    'close 192.0.2.9/32 kd2 -500-10',
  ])
})

test('a file that is not there at start ends no lease, and staff are told', async t => {
  const session = { nas: 'kea', id: 'x', user: 'x' }
  const lease = { realm: 'main', prefix: '192.0.2.9/32', subscriber: 'kd2', from: T * 1000 - 500 }
  const { file, look } = sensor(t, [{ ...lease, session }])
  assert.deepEqual(await look(), ['missing l4.csv'])
  writeFileSync(file, `${HEAD4}\n`)
  assert.deepEqual(await look(20), ['close 192.0.2.9/32 kd2 -0.5-20'])
})

test('a clean-up that was killed at its end: what it merged stands for what was before', async t => {
  const { file, look } = sensor(t)
  writeFileSync(`${file}.2`, `${HEAD4}\n${row4({ address: '192.0.2.8' })}\n`)
  writeFileSync(`${file}.1`, `${HEAD4}\n${row4({ address: '192.0.2.9' })}\n`)
  writeFileSync(`${file}.completed`, `${HEAD4}\n${row4()}\n`)
  writeFileSync(file, `${HEAD4}\n`)
  assert.deepEqual(await look(), ['open 192.0.2.7/32 kd1 0'])
})

test('a table of customers that is changed applies at once, to lines that had no customer, too', async t => {
  const { file, customers, look } = sensor(t)
  const other = row4({ address: '192.0.2.9', hw: '02:00:00:00:00:09' })
  writeFileSync(file, `${HEAD4}\n${row4()}\n${other}\n`)
  assert.deepEqual(await look(), ['open 192.0.2.7/32 kd1 0'])
  writeFileSync(customers, '02:00:00:00:00:07,kd3\n02:00:00:00:00:09,kd4\n# changed\n')
  assert.deepEqual(await look(20), [
    'close 192.0.2.7/32 kd1 0-20',
    'open 192.0.2.7/32 kd3 20',
    'open 192.0.2.9/32 kd4 20',
  ])
})

test('a table that was cut off moves no line to another customer, and leases are followed on', async t => {
  const { file, customers, look } = sensor(t)
  writeFileSync(file, `${HEAD4}\n${row4()}\n`)
  assert.deepEqual(await look(), ['open 192.0.2.7/32 kd1 0'])
  writeFileSync(customers, '02:00:00:00:00:08,kd2\n02:00:00:00:00:07,kd')
  await assert.rejects(look(20), /customers\.csv:2: there is no newline at its end/)
  appendFileSync(file, `${row4({ address: '192.0.2.8', hw: '02:00:00:00:00:08', at: T + 21 })}\n`)
  assert.deepEqual(await look(30), ['open 192.0.2.8/32 kd2 21'])
  writeFileSync(customers, '02:00:00:00:00:08,kd2\n02:00:00:00:00:07,kd4\n')
  assert.deepEqual(await look(40), ['close 192.0.2.7/32 kd1 0-40', 'open 192.0.2.7/32 kd4 40'])
})

test('a renewal counts again where an access server gave the address to another customer, and after that session', async t => {
  const { file, held, look, worries } = sensor(t)
  writeFileSync(file, `${HEAD4}\n${row4()}\n`)
  const [kd7] = await look()
  assert.equal(kd7, 'open 192.0.2.7/32 kd1 0')
  const session = { nas: 'bng1', id: 'r', user: 'kd4' }
  const radius: Lease = {
    realm: 'main',
    prefix: '192.0.2.7/32',
    subscriber: 'kd4',
    from: (T + 20) * 1000,
    session,
  }
  held.open(radius)
  // Told again as it was: nothing new.
  appendFileSync(file, `${row4()}\n`)
  assert.deepEqual(await look(25), [])
  appendFileSync(file, `${row4({ at: T + 30 })}\n`)
  assert.deepEqual(await look(31), ['open 192.0.2.7/32 kd4 20'], 'in doubt')
  const [worry] = worries()
  assert.match(`${worry?.what} ${worry?.words}`, /^two sources Kea says that kd1 .* bng1 that kd4/)
  assert.deepEqual(await look(32), [])
  assert.equal(held.holder('main', '192.0.2.7', undefined).sure, 'ambiguous')
  held.close(radius, (T + 35) * 1000)
  assert.deepEqual(await look(40), ['open 192.0.2.7/32 kd1 40'], 'its session is over')
  assert.deepEqual(worries(), [])
  assert.deepEqual(await look(41), [])
  // The next one is over before the renewal.
  const next = { ...radius, from: (T + 42) * 1000, session: { ...session, id: 'r2' } }
  held.open(next)
  held.close(next, (T + 45) * 1000)
  appendFileSync(file, `${row4({ at: T + 50 })}\n`)
  assert.deepEqual(await look(51), ['open 192.0.2.7/32 kd1 50'])
})
