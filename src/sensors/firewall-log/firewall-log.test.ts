import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFirewallLine } from './firewall-log.ts'

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
      Date.UTC(2026, 0, 5),
    )
    assert.ok(event?.kind === 'egress-attempt')
    assert.equal(event.outcome, 'redirected')
  }
})
