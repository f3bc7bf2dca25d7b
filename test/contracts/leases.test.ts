// What every look-up of leases must do; also where some addresses are shared by arithmetic, which concerns no other address.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { withSharedAddresses } from '../../src/drivers/directory/shared-addresses.ts'
import { HOUR } from '../../src/model/duration.ts'
import { parsePrefix, type Prefix } from '../../src/model/ip.ts'
import type { Lease } from '../../src/model/lease.ts'
import type { Leases } from '../../src/ports/leases.ts'

const AT = Date.UTC(2026, 5, 1)
const prefix = (text: string) => parsePrefix(text) as Prefix

const LOOKUPS: Readonly<Record<string, () => Leases>> = {
  memory: () => memoryLeases(),
  'memory, shared by arithmetic': () =>
    withSharedAddresses(memoryLeases(), [
      {
        realm: 'main',
        insideRealm: 'cgn',
        inside: prefix('100.64.0.0/28'),
        outside: [prefix('192.0.2.0/30')],
        firstPort: 1024,
        lastPort: 65_535,
        portsEach: 4096,
      },
    ]),
}

const lease = (subscriber: string, from: number, rest: Partial<Lease> = {}): Lease => ({
  realm: 'main',
  prefix: '203.0.113.7/32',
  subscriber,
  from: AT + from,
  ...rest,
})

for (const [name, open] of Object.entries(LOOKUPS)) {
  test(`${name}: who has an address now, and who had it then`, () => {
    const leases = open()
    assert.deepEqual(leases.open(lease('anna', 0)), [lease('anna', 0)])
    assert.deepEqual(
      leases.open(lease('bert', HOUR)).map(one => [one.subscriber, one.to]),
      [
        ['anna', AT + HOUR],
        ['bert', undefined],
      ],
      'given anew it is nobody else’s any more',
    )
    const who = (at: number) =>
      leases.holderAt('main', '203.0.113.7', undefined, AT + at).subscriber
    assert.deepEqual([who(-1), who(1), who(HOUR + 1)], [undefined, 'anna', 'bert'])
    assert.equal(leases.holder('main', '203.0.113.7', undefined).subscriber, 'bert')
    assert.equal(leases.holder('campus', '203.0.113.7', undefined).sure, 'unknown')
    assert.deepEqual([leases.current('anna'), leases.current('bert').length], [[], 1])
  })

  test(`${name}: a lease ends once`, () => {
    const leases = open()
    leases.open(lease('anna', 0))
    assert.equal(leases.close(lease('anna', 0), AT + HOUR).length, 1)
    assert.deepEqual(leases.close(lease('anna', 0), AT + 2 * HOUR), [])
    assert.equal(leases.holder('main', '203.0.113.7', undefined).sure, 'unknown')
    assert.equal(leases.holderAt('main', '203.0.113.7', undefined, AT + 1).subscriber, 'anna')
  })

  test(`${name}: news that comes late takes nothing from who has it since`, () => {
    const leases = open()
    leases.open(lease('bert', HOUR))
    const [late] = leases.open(lease('anna', 0))
    assert.deepEqual([late?.subscriber, late?.to], ['anna', AT + HOUR])
    assert.equal(leases.holder('main', '203.0.113.7', undefined).subscriber, 'bert')
  })

  test(`${name}: a shared address without a port is ambiguous`, () => {
    const leases = open()
    leases.open(lease('anna', 0, { ports: [1024, 2047] }))
    leases.open(lease('bert', 0, { ports: [2048, 4095] }))
    const holder = (port?: number) => leases.holder('main', '203.0.113.7', port)
    assert.deepEqual([holder(1500).subscriber, holder(2048).subscriber], ['anna', 'bert'])
    assert.deepEqual([holder().sure, holder(9).sure], ['ambiguous', 'ambiguous'])
  })
}
