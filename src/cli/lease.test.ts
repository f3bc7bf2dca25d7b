import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keaLease } from './kea-hook.ts'
import { leasesIn } from './leases-in-csv.ts'

const NOW = Date.UTC(2026, 10, 20)

const read = (text: string) => leasesIn(text, NOW, 'leases.csv')

test('a file of leases, with as many columns as there are', () => {
  assert.deepEqual(
    read('subscriber,prefix\n10017,203.0.113.7\n\n# a note\n10018,2001:DB8:17::/56\n'),
    [
      { realm: 'main', prefix: '203.0.113.7/32', subscriber: '10017', from: NOW },
      { realm: 'main', prefix: '2001:db8:17::/56', subscriber: '10018', from: NOW },
    ],
  )
  const [lease] = read(
    'prefix,ports,subscriber,realm,from,to\n203.0.113.7,1024-2047,"10017",bng1,2026-11-19T10:00Z,2026-11-19T12:00+01:00\n',
  )
  assert.deepEqual(lease, {
    realm: 'bng1',
    prefix: '203.0.113.7/32',
    ports: [1024, 2047],
    subscriber: '10017',
    from: Date.UTC(2026, 10, 19, 10),
    to: Date.UTC(2026, 10, 19, 11),
  })
})

test('half a file, and one with other columns, is no list of leases, and the line is said', () => {
  const head = 'prefix,subscriber,from,to'
  for (const [text, words] of [
    // The end of the lease is cut off: without it the customer would have the address until now.
    [`${head}\n10.0.2.2,10018,2026-01-01T00:00Z`, /leases\.csv:2: .*no newline/],
    [`${head}\n10.0.2.2,10018,2026-01-01T00:00Z\n`, /leases\.csv:2: there are 3 cells, and 4/],
    ['prefix,subscriber,from,until\n', /leases\.csv:1: there is no column "until"; .*\bto\b/],
    ['prefix,subscriber,from,from\n', /leases\.csv:1: the column from is there twice/],
    ['prefix\n203.0.113.7\n', /leases\.csv:1: the column subscriber is missing/],
    ['10.0.2.2,10018\n', /leases\.csv:1: there is no column "10\.0\.2\.2"/],
    ['', /leases\.csv:1: it names no columns/],
  ] as const)
    assert.throws(() => read(text), words, text)
})

test('a line that is no lease stops the whole, and says where', () => {
  for (const [text, words] of [
    ['prefix,subscriber\n203.0.113.7,1\nx,2\n', /leases\.csv:3: x is no address/],
    ['prefix,subscriber\n203.0.113.7,\n', /leases\.csv:2: there is no subscriber/],
    ['prefix,subscriber\n10.9.9.9/24,1\n', /leases\.csv:2: 10\.9\.9\.9\/24 .*behind its length/],
    ['prefix,subscriber\n0.0.0.0/2,1\n', /leases\.csv:2: 0\.0\.0\.0\/2 is too wide/],
    ['prefix,subscriber\n::/0,1\n', /leases\.csv:2: ::\/0 is too wide/],
    ['prefix,subscriber,ports\n203.0.113.7,1,9-1\n', /leases\.csv:2: 9-1 are no ports/],
    ['prefix,subscriber,ports\n203.0.113.7,1,1-70000\n', /leases\.csv:2: 1-70000 are no ports/],
    ['prefix,subscriber,realm\n203.0.113.7,1,x y\n', /leases\.csv:2: x y is no name of an addr/],
    ['prefix,subscriber,from\n203.0.113.7,1,yesterday\n', /leases\.csv:2: yesterday is no time/],
    ['prefix,subscriber,from\n203.0.113.7,1,1.11.2026\n', /leases\.csv:2: 1\.11\.2026 is no time/],
    ['prefix,subscriber,from\n203.0.113.7,1,2026-11-01 00:00:00\n', /:2: .* is no time; .*zone/],
    ['prefix,subscriber,from\n203.0.113.7,1,2999-01-01T00:00Z\n', /:2: .* is in the future/],
    [
      'prefix,subscriber,from,to\n203.0.113.7,1,2026-11-02T00:00Z,2026-11-01T00:00Z\n',
      /leases\.csv:2: it ends before it begins/,
    ],
  ] as const)
    assert.throws(() => read(text), words, text)
})

test('all mistakes are said at once, and of very many the first', () => {
  const wrong = 'prefix,subscriber,from\nx,1,\n203.0.113.7,,now\n203.0.113.8,1\n203.0.113.9,2,\n'
  assert.throws(
    () => read(wrong),
    ({ message }: Error) => {
      const places = message.split('\n').map(line => line.slice(0, 'leases.csv:9'.length))
      assert.deepEqual(
        places,
        [2, 3, 3, 4].map(line => `leases.csv:${line}`),
      )
      return true
    },
  )
  const many = `prefix,subscriber\n${'x,1\n'.repeat(5000)}`
  assert.throws(
    () => read(many),
    ({ message }: Error) => message.length < 2000 && message.endsWith('\nand 4,980 more.'),
  )
})

const TABLE = '0x0a0b, kd1\n00:11:22:33:44:55, kd2\n'
const given = { file: 'lines.csv', table: TABLE, realm: 'main', now: NOW }

test('what Kea’s hook says: by the line first, then by the machine', () => {
  const env = {
    LEASES4_SIZE: '1',
    LEASES4_AT0_ADDRESS: '203.0.113.7',
    LEASES4_AT0_HWADDR: '00:11:22:33:44:55',
    QUERY4_OPTION_82_SUB_OPTION_2: '0x0A0B',
  }
  const lease = { realm: 'main', prefix: '203.0.113.7/32', subscriber: 'kd1', from: NOW }
  assert.deepEqual(keaLease('leases4_committed', env, given), [{ kind: 'open-lease', lease }])
  const { QUERY4_OPTION_82_SUB_OPTION_2: _line, ...direct } = env
  assert.deepEqual(keaLease('leases4_committed', direct, given), [
    { kind: 'open-lease', lease: { ...lease, subscriber: 'kd2' } },
  ])
  const one = { LEASE4_ADDRESS: '203.0.113.7', LEASE4_HWADDR: '00:11:22:33:44:55' }
  assert.equal(keaLease('lease4_expire', one, given)[0]?.kind, 'close-lease')
  assert.deepEqual(
    keaLease('lease4_renew', { ...one, LEASE4_HWADDR: '00:00:00:00:00:00' }, given),
    [],
  )
  const six = {
    LEASE6_ADDRESS: '2001:db8:17::',
    LEASE6_TYPE: 'IA_PD',
    LEASE6_PREFIX_LEN: '56',
    LEASE6_HWADDR: '00:11:22:33:44:55',
  }
  const [told] = keaLease('lease6_renew', six, given)
  assert.equal(told?.kind === 'open-lease' && told.lease.prefix, '2001:db8:17::/56')
  assert.throws(() => keaLease('subnet4_update', {}, given), /no event of a lease/)
})

test('the hook of Kea gives no lease to anyone by half a table, or by one that says two things', () => {
  const env = { LEASE4_ADDRESS: '203.0.113.7', LEASE4_HWADDR: '00:11:22:33:44:55' }
  for (const [table, words] of [
    ['00:11:22:33:44:55,1001', /^lines\.csv:1: there is no newline at its end/],
    ['00:11:22:33:44:55,10018\n0011223344', /^lines\.csv:2: .*half a file/],
    [
      '00:11:22:33:44:55,10018\n0x001122334455,10019\n',
      /^lines\.csv:2: 0x001122334455 is another customer's in line 1\.$/,
    ],
  ] as const)
    assert.throws(
      () => keaLease('lease4_renew', env, { table, file: 'lines.csv', realm: 'main', now: NOW }),
      { name: 'UsageError', message: words },
    )
})
