// Whatever bytes come, a RADIUS packet is read or it is none; nothing is thrown and no address is invented.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../support/lease-lookups.ts'
import * as fc from 'fast-check'
import { parsePrefix } from '../../src/model/ip.ts'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { accountingRecord } from '../../src/sensors/radius/accounting.ts'
import { AccountingSessions } from '../../src/sensors/radius/sessions.ts'
import { timeOf } from '../../src/sensors/radius/time-of-event.ts'
import { TellerClock } from '../../src/wire/teller-clock.ts'
import { isSigned, parseRadius, signedRequest } from '../../src/wire/radius.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 10)
const AT = Date.UTC(2026, 0, 5)

const attribute = fc.record({
  type: fc.oneof(
    fc.constantFrom(1, 4, 8, 9, 22, 25, 26, 31, 32, 40, 41, 44, 55, 95, 97, 99, 123, 168),
    fc.nat(255),
  ),
  value: fc.oneof(
    fc.uint8Array({ maxLength: 253, size: 'max' }),
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    // A prefix that says a length, and has more or less of it than it should.
    fc
      .uint8Array({ minLength: 2, maxLength: 24 })
      .map(([first = 0, bits = 0, ...rest]) => Uint8Array.from([first, bits % 129, ...rest])),
    fc.constantFrom(1, 2, 3, 7, 8).map(n => Uint8Array.from([0, 0, 0, n])),
  ),
})
const packet = fc
  .record({ id: fc.nat(255), attributes: fc.array(attribute, { maxLength: 15 }) })
  .map(({ id, attributes }) => signedRequest({ code: 4, id, attributes }, 's'))
const damage = fc.array(fc.record({ at: fc.nat(4095), to: fc.nat(255) }), { maxLength: 4 })

test('RADIUS: made, damaged and random packets', () => {
  const leases = memoryLeases()
  const clock = new TellerClock()
  const sessions = new AccountingSessions({
    interim: 600_000,
    subscriberOf: name => name || undefined,
    ...lookupsOf(leases),
  })
  fc.assert(
    fc.property(
      fc.oneof(packet, fc.uint8Array({ maxLength: 300, size: 'max' })),
      damage,
      (made, changes) => {
        const bytes = Uint8Array.from(made)
        for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to
        const parsed = parseRadius(bytes)
        if (!parsed) return
        isSigned(bytes, 's')
        const record = accountingRecord(parsed, {
          from: '192.0.2.1',
          subscriber: 'user-name',
          realmOf: () => 'main',
        })
        if (!record) return
        const told = { ...record, ...timeOf(record, clock, AT) }
        assert.ok(told.at <= AT)
        for (const { prefix } of record.framed) assert.ok(parsePrefix(prefix), prefix)
        // oxlint-disable-next-line no-control-regex -- what the test is about
        assert.doesNotMatch(record.user + record.session, /[\u0000-\u001f\u007f]/)
        for (const { lease } of sessions.hear(told, AT)) assert.ok(lease.from <= AT)
      },
    ),
    { numRuns: 10_000_000, interruptAfterTimeLimit: SECONDS * 1000, markInterruptAsFailure: false },
  )
})
