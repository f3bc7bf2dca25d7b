import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientAddress } from './client-address.ts'

test('one address in every spelling that servers have for it; what is none is none', () => {
  const spelled = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    'IPv6:2001:DB8::1': '2001:db8::1',
    'fe80::1%eth0': 'fe80::1',
    unknown: undefined,
    '': undefined,
    '192.0.2.7%eth0': undefined,
    'mx.meadow.example': undefined,
    'IPv6:': undefined,
    '%': undefined,
  }
  for (const [said, address] of Object.entries(spelled))
    assert.equal(clientAddress(said), address, said)
})
