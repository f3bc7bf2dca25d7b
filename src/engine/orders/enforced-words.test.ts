import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lease } from '../../model/lease.ts'
import type { Held, NetworkControl } from '../../ports/network-control.ts'
import { enforcedWords } from './enforced-words.ts'

const LEASE: Lease = { realm: 'main', prefix: '192.0.2.7/32', subscriber: 'kd1', from: 0 }
const HELD: Held = { ...LEASE, state: 'isolated', walledGarden: false }

const router = (held: readonly Held[]): NetworkControl => ({
  name: 'bng',
  fits: () => true,
  apply: async () => undefined,
  revoke: async () => undefined,
  list: async () => held,
})

const CASES: readonly [string, readonly Lease[], readonly Held[], RegExp][] = [
  ['it stands', [LEASE], [HELD], /^$/],
  ['no lease', [], [], /Nothing is enforced in the network: kd1 has no lease now/],
  [
    'a lease in doubt',
    [{ ...LEASE, doubtFrom: 1 }],
    [],
    /whether 192\.0\.2\.7\/32 is still theirs/,
  ],
  [
    'one of two in doubt',
    [LEASE, { ...LEASE, prefix: '192.0.2.8/32', doubtFrom: 1 }],
    [HELD],
    /^ Nothing is enforced on 192\.0\.2\.8\/32: whether it is still theirs is in doubt/,
  ],
  ['nowhere', [LEASE], [], /NOT enforced on 192\.0\.2\.7\/32: no router has confirmed it/],
  [
    'refused',
    [LEASE],
    [{ ...HELD, standing: 'refused', words: 'not allowed' }],
    /NOT enforced on 192\.0\.2\.7\/32: bng: refused, not allowed\. It is tried again/,
  ],
]
for (const [what, leases, held, words] of CASES)
  test(`${what}: an order says what the network does`, async () => {
    const holder = () => ({ sure: 'unknown' }) as const
    const [standing, within, around] = [() => [], () => [], () => []]
    const current = () => leases
    const given = { current, taken: standing, standing, within, around, holder }
    const parts = { network: [router(held)], leases: given }
    const asked = { subscriber: 'kd1', decision: 'isolate' } as const
    assert.match(await enforcedWords(parts, asked), words)
    assert.equal(await enforcedWords(parts, { ...asked, decision: 'hold' }), '')
  })

test('an order on a lease whose access server is silent says that it is in doubt whose line is closed', async () => {
  const leases = {
    current: () => [LEASE],
    taken: () => [],
    standing: () => [LEASE],
    within: () => [],
    around: () => [],
    holder: () => ({ sure: 'ambiguous' }) as const,
  }
  const asked = { subscriber: 'kd1', decision: 'isolate' } as const
  const words = await enforcedWords({ network: [router([HELD])], leases }, asked)
  assert.match(words, /Whose 192\.0\.2\.7\/32 is now is in doubt .*: release the case/)
  const open = await enforcedWords({ network: [router([])], leases }, asked)
  assert.match(open, /NOT enforced on 192\.0\.2\.7\/32.* Whose 192\.0\.2\.7\/32 is now/)
})

test('an order on a prefix that has another customer’s address in it says that it is not closed, and why', async () => {
  const wide: Lease = { ...LEASE, prefix: '192.0.2.0/29' }
  const leases = {
    current: () => [wide],
    taken: () => [],
    standing: () => [wide],
    within: () => [{ ...LEASE, subscriber: 'kd2' }],
    around: () => [],
    holder: () => ({ sure: 'certain' }) as const,
  }
  const words = await enforcedWords(
    { network: [router([])], leases },
    { subscriber: 'kd1', decision: 'isolate' },
  )
  assert.match(words, /NOT enforced on 192\.0\.2\.0\/29: 192\.0\.2\.7\/32 of kd2 is in it/)
})

test('a customer whose id is too long for a router is told of as such', async () => {
  const [nothing, current] = [() => [], () => [LEASE]]
  const holder = () => ({ sure: 'unknown' }) as const
  const leases = {
    current,
    taken: nothing,
    standing: nothing,
    within: nothing,
    around: nothing,
    holder,
  }
  const network = [{ ...router([]), fits: () => false, whyNot: () => 'the id is too long' }]
  const words = await enforcedWords({ network, leases }, { subscriber: 'kd1', decision: 'isolate' })
  assert.match(words, /NOT enforced on 192\.0\.2\.7\/32: the id is too long/)
})

test('a router that has not closed the line is told of beside another one that has', async () => {
  const [nothing, current] = [() => [], () => [LEASE]]
  const holder = () => ({ sure: 'certain' }) as const
  const none = { taken: nothing, standing: nothing, within: nothing, around: nothing }
  const leases = { current, ...none, holder }
  const asked = { subscriber: 'kd1', decision: 'isolate' } as const
  const said = (second: NetworkControl, off?: string) =>
    enforcedWords(
      {
        network: [router([HELD]), { ...second, name: 'edge' }],
        leases,
        off: { get: name => (name === off ? { id: name } : undefined) },
      },
      asked,
    )
  assert.equal(await said(router([HELD])), '')
  assert.match(
    await said({ ...router([]), failure: () => 'no table' }),
    /NOT CONFIRMED on 192\.0\.2\.7\/32 at edge \(not there: no table\)/,
  )
  const unanswered = { ...HELD, standing: 'unanswered', words: 'nothing came' } as const
  assert.match(await said(router([unanswered])), /at edge \(unanswered: nothing came\)/)
  // What it does not take, and what an order has turned off, is no failure.
  assert.equal(await said({ ...router([]), fits: () => false }), '')
  assert.equal(await said(router([]), 'edge'), '')
})
