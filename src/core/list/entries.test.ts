import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision } from '../../model/decision.ts'
import { lineOf } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { Holder, Lease } from '../../model/lease.ts'
import { entriesOf, type ListedHousehold } from './entries.ts'

const AT = Date.UTC(2026, 10, 28)
const lease = (prefix: string, more: Partial<Lease> = {}): Lease => ({
  realm: 'main',
  prefix,
  subscriber: '1',
  from: AT - 1000,
  ...more,
})
const decision = (kind: Decision['kind'], more: Partial<Decision> = {}): Decision => ({
  id: 'd',
  incident: 'i',
  subject: lineOf('1'),
  kind,
  at: AT - 500,
  until: AT + 60_000,
  by: 'evidence',
  ...more,
})
const certain = (): Holder => ({ sure: 'certain', subscriber: '1' })
const household = (more: Partial<ListedHousehold>): ListedHousehold => ({
  subscriber: { id: '1', plan: 'consumer', flags: [], language: 'en', contacts: [], logins: [] },
  leases: [lease('192.0.2.7/32')],
  inForce: [decision('isolate')],
  holder: certain,
  realm: 'main',
  at: AT,
  ...more,
})
const listed = (more: Partial<ListedHousehold>) =>
  entriesOf(household(more)).listed.map(({ prefix, code }) => `${prefix} ${code}`)

test('an isolated or redirected line is listed by the prefixes it has', () => {
  const leases = [lease('192.0.2.7/32'), lease('2001:db8:17::/56')]
  assert.deepEqual(listed({ leases }), ['192.0.2.7/32 4', '2001:db8:17::/56 4'])
  assert.deepEqual(listed({ inForce: [decision('redirect-25')] }), ['192.0.2.7/32 2'])
})

test('a line that is only watched, held or whose login is stopped is not listed', () => {
  for (const kind of ['watch', 'hold', 'stop-login'] as const)
    assert.deepEqual(listed({ inForce: [decision(kind)] }), [], kind)
  assert.deepEqual(
    listed({ inForce: [decision('isolate', { subject: 'login:a@isp.example' })] }),
    [],
  )
  assert.deepEqual(listed({ inForce: [] }), [])
})

test('a line that staff suspended is listed only where there was evidence', () => {
  const inForce = [decision('suspend', { by: 'staff' })]
  assert.deepEqual(listed({ inForce }), [])
  const incident = { id: 'i', kinds: ['content'] } as unknown as Incident
  assert.deepEqual(listed({ inForce, incident }), ['192.0.2.7/32 4'])
  assert.deepEqual(listed({ inForce, incident: { ...incident, kinds: [] } }), [])
})

test('an entry ends with its decision, to the moment', () => {
  const { listed: before, again } = entriesOf(household({}))
  assert.deepEqual([before.length, again], [1, AT + 60_000])
  assert.deepEqual(listed({ at: AT + 60_000 }), [])
})

test('an address that is shared, in doubt, over, of another realm or not certain is never listed', () => {
  for (const more of [
    { ports: [1024, 2047] as const },
    { doubtFrom: AT },
    { to: AT },
    { realm: 'cgn' },
    { inside: { realm: 'cgn', address: '100.64.0.1' } },
  ])
    assert.deepEqual(listed({ leases: [lease('192.0.2.7/32', more)] }), [], JSON.stringify(more))
  assert.deepEqual(listed({ holder: () => ({ sure: 'ambiguous' }) }), [])
  assert.deepEqual(listed({ holder: () => ({ sure: 'certain', subscriber: '2' }) }), [])
})

test('a lease that is not settled yet is looked at again soon', () => {
  const { again } = entriesOf(household({ holder: () => ({ sure: 'ambiguous' }) }))
  assert.equal(again, AT + 1000)
})

test('addresses of this machine, multicast and link-local ones are never listed', () => {
  for (const prefix of [
    '127.0.0.1/32',
    '127.0.0.0/8',
    '224.0.0.1/32',
    '::1/128',
    'fe80::1/128',
    '0.0.0.0/32',
  ])
    assert.deepEqual(listed({ leases: [lease(prefix)] }), [], prefix)
})

test('lines whose port 25 is open, and businesses, are exempt from the list of consumers', () => {
  const exempt = (plan: 'consumer' | 'expert' | 'business' | 'site') =>
    entriesOf(household({ inForce: [], subscriber: { ...household({}).subscriber, plan } })).exempt
  assert.deepEqual(
    ['consumer', 'expert', 'business', 'site'].map(plan => exempt(plan as 'consumer').length),
    [0, 1, 1, 1],
  )
})

test('an address that is another machine in each network is listed only where the operator says so, and what is no host never', () => {
  const PRIVATE = ['10.0.0.5/32', '100.64.0.5/32', '172.31.0.5/32', '192.168.1.5/32', 'fd00:1::/56']
  const NO_HOST = ['127.0.0.5/32', '169.254.0.5/32', '2002:a00:5::/48', '2001:0:a00::/48', '::/96']
  const given = [...PRIVATE, 'fec0::/48', ...NO_HOST].map(prefix => lease(prefix))
  assert.deepEqual(listed({ leases: given }), [])
  const told = listed({ leases: given, privateAddresses: true })
  assert.deepEqual(
    told,
    [...PRIVATE, 'fec0::/48'].map(prefix => `${prefix} 4`),
  )
})
