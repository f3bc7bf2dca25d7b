import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND } from '../../model/duration.ts'
import { TellerClock } from '../../wire/teller-clock.ts'
import { parseFirewallLine } from './firewall-log.ts'

const AT = Date.UTC(2026, 0, 5)

test('a redirected connection is known by the prefix of today’s table and of an older one', () => {
  for (const prefix of ['cordon redirected ', 'cordon turned-round ']) {
    const line = {
      src_ip: '192.0.2.7',
      src_port: 40_000,
      dest_ip: '198.51.100.25',
      dest_port: 25,
      'oob.prefix': prefix,
    }
    const event = parseFirewallLine(
      JSON.stringify(line),
      { realm: 'main', antiSpoofed: true },
      AT,
      new TellerClock(),
    )
    assert.ok(event?.kind === 'egress-attempt')
    assert.equal(event.outcome, 'redirected')
  }
})

test('a prefix that is none of ours tells nothing, whatever objects of JavaScript have by it', () => {
  const line = { src_ip: '192.0.2.7', src_port: 40_000, dest_ip: '198.51.100.25', dest_port: 25 }
  for (const prefix of ['constructor', '__proto__', 'toString', 'other'])
    assert.equal(
      parseFirewallLine(
        JSON.stringify({ ...line, 'oob.prefix': prefix }),
        { realm: 'main', antiSpoofed: true },
        AT,
        new TellerClock(),
      ),
      undefined,
    )
})

test('lines that waited are of when they were written, as far as their clock is known', () => {
  const clock = new TellerClock()
  const seen = (stamps: object, now: number) => {
    const line = {
      src_ip: '192.0.2.7',
      src_port: 40_000,
      dest_ip: '198.51.100.25',
      dest_port: 25,
      'oob.prefix': 'cordon refused ',
      ...stamps,
    }
    const settings = { realm: 'main', antiSpoofed: true }
    const event = parseFirewallLine(JSON.stringify(line), settings, now, clock)
    assert.ok(event?.kind === 'egress-attempt')
    return { at: event.at - AT, since: event.who.since && event.who.since - AT }
  }
  const stamp = { timestamp: '2026-01-05T01:00:00.500000+0100' }
  assert.deepEqual(seen(stamp, AT + 500), { at: 500, since: undefined })
  const kernel = { 'oob.time.sec': AT / 1000 + 2, 'oob.time.usec': 250_000, timestamp: 'x' }
  assert.deepEqual(seen(kernel, AT + 2250), { at: 2250, since: undefined })
  // Queued for a minute: it was at some time in it.
  const queued = { 'oob.time.sec': AT / 1000 + 10 }
  const now = AT + 70 * SECOND
  assert.deepEqual(seen(queued, now), { at: 70 * SECOND, since: 10 * SECOND })
  // Without a stamp it is of now.
  assert.deepEqual(seen({}, now), { at: 70 * SECOND, since: undefined })
})
