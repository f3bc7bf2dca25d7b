import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keaLease } from './kea-hook.ts'
import { leasesIn } from './lease.ts'

const NOW = Date.UTC(2026, 10, 20)

test('a file of leases, with as many columns as there are', () => {
  assert.deepEqual(
    leasesIn('subscriber,prefix\n10017,203.0.113.7\n\n# a note\n10018,2001:DB8:17::/56\n', NOW),
    [
      { realm: 'main', prefix: '203.0.113.7/32', subscriber: '10017', from: NOW },
      { realm: 'main', prefix: '2001:db8:17::/56', subscriber: '10018', from: NOW },
    ],
  )
  const [lease] = leasesIn(
    'prefix,ports,subscriber,realm,from,to\n203.0.113.7,1024-2047,10017,bng1,2026-11-19T10:00Z,2026-11-19T11:00Z',
    NOW,
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

test('a line that is no lease stops the whole, and says where', () => {
  for (const [text, words] of [
    ['prefix\n203.0.113.7', /first line must name/],
    ['prefix,subscriber\n203.0.113.7,1\nx,2', /line 3: x is no address/],
    ['prefix,subscriber\n203.0.113.7,', /line 2: there is no subscriber/],
    ['prefix,subscriber,ports\n203.0.113.7,1,9-1', /line 2: 9-1 are no ports/],
    ['prefix,subscriber,from\n203.0.113.7,1,yesterday', /line 2: yesterday is no time/],
    ['prefix,subscriber,from\n203.0.113.7,1,2999-01-01', /line 2: 2999-01-01 is in the future/],
  ] as const)
    assert.throws(() => leasesIn(text, NOW), words)
})

const TABLE = '0x0a0b, kd1\n00:11:22:33:44:55, kd2\n'
const given = { table: TABLE, realm: 'main', now: NOW }

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
